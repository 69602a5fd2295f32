using Chasqui.Core.RouterOs;

namespace Chasqui.Core.Tests.RouterOs;

public sealed class RouterOsStringTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("Ann's phone", "\"Ann's phone\"")]
    [InlineData("a\"; /system/reset-configuration; #", "\"a\\\"; /system/reset-configuration; #\"")]
    [InlineData("$x [find] {", "\"\\$x [find] {\"")]
    [InlineData("a\\", "\"a\\\\\"")]
    [InlineData("what?", "\"what\\3F\"")]
    [InlineData("a\r\nb\tc\0", "\"a\\0D\\0Ab\\09c\\00\"")]
    [InlineData("Zürich", "\"Z\\C3\\BCrich\"")]
    public void QuotesSoThatNothingEndsTheString(string text, string quoted) => Assert.Equal(quoted, RouterOsString.Quote(text));

    [Fact]
    public void AnyTextIsReadAgainAsItWas()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            string text = NextText(new Random(seed));

            RouterOsReader reader = RouterOsReader.Read($"/a add name={RouterOsString.Quote(text)}");

            Assert.True(reader.Notes.Count == 0 && reader.Commands.Single().Find("name")!.Value.Value == text, $"seed {seed}");
        }
    }

    internal static string NextText(Random random)
    {
        const string Characters = "ab \"\\$?[]{}();#=!/\n\r\tü☃'`&|<>\u0001\u007f";
        return string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Characters[random.Next(Characters.Length)]));
    }
}
