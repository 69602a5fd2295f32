using Chasqui.Core.RouterOs;

namespace Chasqui.Core.Tests.RouterOs;

public sealed class RouterOsCommandTests
{
    public static TheoryData<string> Scripts =>
    [
        RouterOsExports.Version7_1, RouterOsExports.Version7_12, RouterOsExports.Version7_21,
        "/system backup save name=x \"a b\" foo !bar [find a=b] x=$y z={ :put 1\n }", "/ip service\nset telnet disabled=yes",
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void WrittenAgainItSaysTheSame(string script)
    {
        RouterOsReader first = RouterOsReader.Read(script);

        RouterOsReader second = RouterOsReader.Read(string.Join('\n', first.Commands));

        Assert.NotEmpty(first.Commands);
        Assert.Empty(second.Notes);
        Assert.Equal(first.Commands.Select(Words), second.Commands.Select(Words));
    }

    private static string Words(RouterOsCommand command) =>
        $"{command.Menu} {command.Verb} {string.Join(' ', command.Words.Select(static word => word with { Line = 0 }))}";
}
