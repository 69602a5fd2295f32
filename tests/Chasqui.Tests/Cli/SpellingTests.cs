using Chasqui.Cli;

namespace Chasqui.Tests.Cli;

public sealed class SpellingTests
{
    private static readonly string[] Words = ["AllowedIPs", "Endpoint", "MTU", "--exclude"];

    [Theory]
    [InlineData("allowedip", "AllowedIPs")]
    [InlineData("AlowdeIPs", "AllowedIPs")]
    [InlineData("Enpdoint", "Endpoint")]
    [InlineData("MUT", "MTU")]
    [InlineData("--exlude", "--exclude")]
    public void FindsTheNearest(string word, string meant) => Assert.Equal(meant, Spelling.Nearest(word, Words));

    [Theory]
    [InlineData("")]
    [InlineData("X")]
    [InlineData("Keepalive")]
    [InlineData("MXX")]
    public void FindsNothingThatIsFar(string word) => Assert.Null(Spelling.Nearest(word, Words));

    [Fact]
    public void DoesNotLookAtLongWords() => Assert.Null(Spelling.Nearest(new string('a', 10_000), [new string('a', 9_999)]));
}
