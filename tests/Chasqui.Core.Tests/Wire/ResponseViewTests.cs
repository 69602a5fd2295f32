using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class ResponseViewTests
{
    [Fact]
    public void LaysTheHeaderOfTheWhitepaper()
    {
        byte[] buffer = new byte[92];
        Array.Fill(buffer, (byte)0xee);

        _ = ResponseView.Begin(buffer, new SessionIndex(0x11223344), new SessionIndex(0x55667788));

        Assert.Equal("020000004433221188776655eeee", Convert.ToHexStringLower(buffer.AsSpan(0, 14)));
        Assert.True(ResponseView.TryRead(buffer, out ResponseView read));
        Assert.Equal(new SessionIndex(0x11223344), read.Sender);
        Assert.Equal(new SessionIndex(0x55667788), read.Receiver);
    }

    [Fact]
    public void FieldsLieOneAfterTheOther()
    {
        byte[] buffer = new byte[92];
        ResponseView view = ResponseView.Begin(buffer, default, default);
        view.Ephemeral.Fill(1);
        view.SealedNothing.Fill(2);
        view.Mac1.Fill(3);
        view.Mac2.Fill(4);

        byte[] expected =
        [
            2, .. new byte[11],
            .. Enumerable.Repeat((byte)1, 32), .. Enumerable.Repeat((byte)2, 16),
            .. Enumerable.Repeat((byte)3, 16), .. Enumerable.Repeat((byte)4, 16),
        ];
        Assert.Equal(expected, buffer);
        Assert.Equal(60, view.MacCovered1.Length);
        Assert.Equal(76, view.MacCovered2.Length);
        Assert.True(view.MacCovered2.SequenceEqual(buffer.AsSpan(0, 76)));
    }

    [Fact]
    public void BeginNeedsRoomForTheWholeMessage() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ResponseView.Begin(new byte[91], default, default));
}
