using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests.Keys;

public sealed class KeyTextTests
{
    [Fact]
    public void WritesTheBase64OfTheFramework()
    {
        var random = new Random(1);
        byte[] key = new byte[32];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(key);

            Assert.Equal(Convert.ToBase64String(key), KeyText.ToBase64(key));
        }
    }

    [Fact]
    public void ReadsBackEveryKeyItWrites()
    {
        var random = new Random(2);
        byte[] key = new byte[32], base64 = new byte[32], hex = new byte[32];
        Span<byte> hexText = new byte[KeyText.HexLength];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(key);
            KeyText.ToHex(key, hexText);

            Assert.True(KeyText.TryParseBase64(KeyText.ToBase64(key), base64));
            Assert.True(KeyText.TryParseHex(hexText, hex));
            Assert.Equal(key, base64);
            Assert.Equal(key, hex);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] // one short
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] // no '='
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")] // bits past the end
    [InlineData("AAAAAAAAAAAAAAAAAAAAA*AAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAÁAAAAAAAAAAAAAAAAAAAAA=")]
    public void RefusesWhatIsNoKey(string text) => Assert.False(KeyText.TryParseBase64(text, new byte[32]));

    [Fact]
    public void RefusesEveryCharacterThatIsNoDigit()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            bool isDigit = char.IsAsciiLetterOrDigit((char)c) || c is '+' or '/';
            string text = "AAAA" + (char)c + new string('A', 38) + "=";

            Assert.Equal(isDigit, KeyText.TryParseBase64(text, new byte[32]));
        }
    }

    [Fact]
    public void ReadsHexOfBothCasesAndNothingElse()
    {
        byte[] text = new byte[KeyText.HexLength];
        for (int c = 0; c <= byte.MaxValue; c++)
        {
            Array.Fill(text, (byte)'0');
            text[17] = (byte)c;

            Assert.Equal(char.IsAsciiHexDigit((char)c), KeyText.TryParseHex(text, new byte[32]));
        }
    }
}
