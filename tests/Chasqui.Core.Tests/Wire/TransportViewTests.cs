using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class TransportViewTests
{
    [Fact]
    public void LaysTheHeaderOfTheWhitepaper()
    {
        byte[] buffer = new byte[40];
        Array.Fill(buffer, (byte)0xee);

        TransportView.WriteHeader(buffer, new SessionIndex(0x11223344), 0x0102030405060708);

        Assert.Equal("04000000443322110807060504030201eeee", Convert.ToHexStringLower(buffer.AsSpan(0, 18)));
        Assert.True(TransportView.TryRead(buffer, out TransportView read));
        Assert.Equal(new SessionIndex(0x11223344), read.Receiver);
        Assert.Equal(0x0102030405060708UL, read.Counter);
        Assert.Equal(24, read.Sealed.Length);
        Assert.False(read.IsKeepalive);
    }

    [Fact]
    public void TheShortestMessageIsAKeepalive()
    {
        byte[] buffer = new byte[32];
        TransportView.WriteHeader(buffer, default, 0);

        Assert.True(TransportView.TryRead(buffer, out TransportView read));
        Assert.True(read.IsKeepalive);
        Assert.Equal(16, read.Sealed.Length);
    }

    [Fact]
    public void TheViewBorrowsTheBytes()
    {
        byte[] buffer = new byte[32];
        TransportView.WriteHeader(buffer, default, 0);
        Assert.True(TransportView.TryRead(buffer, out TransportView read));

        read.Sealed[0] = 0x5a;

        Assert.Equal(0x5a, buffer[16]);
    }
}
