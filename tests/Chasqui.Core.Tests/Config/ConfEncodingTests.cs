using System.Text;
using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

public sealed class ConfEncodingTests
{
    [Fact]
    public void ValidTextIsUtf8()
    {
        const string Text = "\ufeff# Büro 👩‍👩‍👧\n";

        Assert.Equal(Text, ConfEncoding.Decode(Encoding.UTF8.GetBytes(Text)));
        Assert.Equal(Encoding.UTF8.GetBytes(Text), ConfEncoding.Encode(Text));
    }

    [Fact]
    public void AnyBytesAreGivenBack()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = new byte[random.Next(100)];
            random.NextBytes(bytes);
            byte[] pieces = [.. bytes, .. "é\ud83d\ude00"u8, 0xed, 0xb2, 0x80, .. "[Peer]\n# x"u8, 0xf0, 0x9f];

            Assert.True(pieces.AsSpan().SequenceEqual(ConfDocument.Parse(pieces).ToBytes()), $"seed {seed}");
        }
    }

    [Fact]
    public void WhatIsNoTextIsNoName()
    {
        byte[] file = [.. "[Peer]\n# b"u8, 0xfc, .. "ro\n# office\n"u8];

        Assert.Equal("office", ConfDocument.Parse(file).Sections[0].Name);
    }
}
