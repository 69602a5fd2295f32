using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class CookieReplyViewTests
{
    [Fact]
    public void FieldsLieOneAfterTheOther()
    {
        byte[] buffer = new byte[64];
        CookieReplyView view = CookieReplyView.Begin(buffer, new SessionIndex(0x0a0b0c0d));
        view.Nonce.Fill(1);
        view.SealedCookie.Fill(2);

        byte[] expected =
        [
            3, 0, 0, 0, 0x0d, 0x0c, 0x0b, 0x0a,
            .. Enumerable.Repeat((byte)1, 24), .. Enumerable.Repeat((byte)2, 32),
        ];
        Assert.Equal(expected, buffer);
        Assert.True(CookieReplyView.TryRead(buffer, out CookieReplyView read));
        Assert.Equal(new SessionIndex(0x0a0b0c0d), read.Receiver);
    }

    [Fact]
    public void BeginNeedsRoomForTheWholeMessage() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CookieReplyView.Begin(new byte[63], default));
}
