using Chasqui.Core.Config;
using Chasqui.Core.RouterOs;

namespace Chasqui.Core.Tests.RouterOs;

public sealed class RouterOsReaderTests
{
    [Theory]
    [InlineData("/ip address\nadd address=10.0.0.1/24")]
    [InlineData("/ip address add address=10.0.0.1/24")]
    [InlineData("/ip/address/add address=10.0.0.1/24")]
    [InlineData("/ip/address add address=10.0.0.1/24;")]
    [InlineData("/ip/address\r\nadd address=\\\r\n    10.0.0.1/24\r\n")]
    [InlineData("/ip address; add \\\n    address=\"10.0.\\\n    0.1/24\" # here")]
    [InlineData("/ip\naddress add address=10.0.0.1/24")]
    public void ReadsMenusAndCommandsInAllTheirForms(string text)
    {
        RouterOsReader reader = RouterOsReader.Read(text);

        RouterOsCommand command = Assert.Single(reader.Commands);
        Assert.Equal(("/ip/address", "add", "10.0.0.1/24"), (command.Menu, command.Verb, command.Get("address")));
        Assert.Empty(reader.Notes);
    }

    [Fact]
    public void OneLineCommandsDoNotChangeTheMenu()
    {
        RouterOsReader reader = RouterOsReader.Read("/ip address\n/interface wireguard add name=a\nadd address=1.2.3.4");

        Assert.Equal("/ip/address", reader.Commands[1].Menu);
    }

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("a", "a")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"\\\"\\\\\\$\\?\\_\\n\\r\\t\\a\\b\\v\\f\"", "\"\\$? \n\r\t\a\b\v\f")]
    [InlineData("\"\\48\\45\\4C\\4C\\4F\"", "HELLO")]
    [InlineData("\"\\C3\\BC \\D0\\9F\"", "ü П")]
    [InlineData("\"Z\\FCrich\"", "Zürich")]
    [InlineData("\"ü\"", "ü")]
    [InlineData("\"a\\\n    b\"", "ab")]
    [InlineData("\"a\\\\\\\r\n\tb\"", "a\\b")]
    [InlineData("\"a\nb\"", "a\nb")]
    [InlineData("!WAN", "!WAN")]
    [InlineData("abc=", "abc=")]
    [InlineData("\"#;[{\"", "#;[{")]
    public void ReadsValues(string written, string value)
    {
        RouterOsReader reader = RouterOsReader.Read($"/x add before=1 name={written} after=2");

        RouterOsCommand command = Assert.Single(reader.Commands);
        Assert.Equal(value, command.Find("name")!.Value.Value);
        Assert.Equal("2", command.Get("after"));
    }

    [Fact]
    public void KeepsWhatIsToBeComputedAsItIs()
    {
        RouterOsCommand command = Assert.Single(RouterOsReader.Read(
            "/interface ethernet set [ find default-name=\"]\" ] !comment a=$b c=(1 + 2) d={\n # }\n }").Commands);

        Assert.Equal(
            [
                (null, "[ find default-name=\"]\" ]", RouterOsWordKind.Expression),
                ("comment", "", RouterOsWordKind.Unset),
                ("a", "$b", RouterOsWordKind.Expression),
                ("c", "(1 + 2)", RouterOsWordKind.Expression),
                ("d", "{\n # }\n }", RouterOsWordKind.Expression),
            ],
            command.Words.Select(word => (word.Name, word.Value, word.Kind)));
    }

    [Theory]
    [InlineData("# 2024-06-06 15:22:31 by RouterOS 7.14.2", "7.14.2")]
    [InlineData("# jan/02/1970 00:00:00 by RouterOS 7.1", "7.1")]
    [InlineData("# software id = ABCD-EFGH", null)]
    [InlineData("# by RouterOS a b", null)]
    public void FindsTheVersion(string comment, string? version) => Assert.Equal(version, RouterOsReader.Read(comment).Version);

    [Theory]
    [InlineData(":local a 1")]
    [InlineData("/x add e=$\rb")] // found by fuzzing: written again it could end elsewhere
    [InlineData("[admin@MikroTik] > /export")]
    [InlineData("garbage")]
    [InlineData("/x add a=\"\\q\"")]
    [InlineData("/x add a=\"b\"c")]
    [InlineData("/x add a=b\"c;\" d=[e\n]f")]
    [InlineData("/x add =5")]
    [InlineData("/x add \\a")]
    [InlineData("{ :put 1;\n :put 2 }")]
    [InlineData("/x/../y add a=b")]
    [InlineData(".. add a=b")]
    [InlineData("]")]
    public void TellsWhatIsNotUnderstoodAndGoesOn(string line)
    {
        RouterOsReader reader = RouterOsReader.Read($"\n\n{line}\n/y add a=1");

        RouterOsNote note = Assert.Single(reader.Notes);
        Assert.Equal(3, note.Line);
        Assert.Equal("/y", Assert.Single(reader.Commands).Menu);
    }

    [Theory]
    [InlineData("/x add a=\"b", 1, "the string has no end")]
    [InlineData("\n/x add a=[b", 2, "the '[' is not closed")]
    [InlineData("\n/x add a=[\n(]", 3, "closes another bracket")]
    [InlineData("/x add a=\"b\\", 1, "the string has no end")]
    public void RefusesWhatHasNoEnd(string text, int line, string reason)
    {
        ConfigException exception = Assert.Throws<ConfigException>(() => RouterOsReader.Read(text));

        Assert.Equal(line, exception.Line);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesWhatIsTooMuch()
    {
        Assert.Throws<ConfigException>(() => RouterOsReader.Read(new string(' ', (16 << 20) + 1)));
        Assert.Throws<ConfigException>(() => RouterOsReader.Read(string.Concat(Enumerable.Repeat("a;", 200_001))));
        Assert.Throws<ConfigException>(() => RouterOsReader.Read(new string('[', 65)));
    }

    [Fact]
    public void LinesAreThoseOfTheText()
    {
        RouterOsReader reader = RouterOsReader.Read("# a\n/x\nadd a=1 \\\n    b=2 c=\"3\\\n    3\" \\\n    d=4\nadd");

        Assert.Equal([3, 7], reader.Commands.Select(command => command.Line));
        Assert.Equal([3, 4, 4, 6], reader.Commands[0].Words.Select(word => word.Line));
    }
}
