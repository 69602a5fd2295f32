using Chasqui.Linux.Icmp;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Icmp;

/// <summary>What ICMP and ICMPv6 say of UDP datagrams that did not arrive.</summary>
public sealed class UnreachableMessageTests
{
    private static readonly UdpAddress RemoteV4 = UdpAddress.V4(0x0A020002, 20000), RemoteV6 = UdpAddress.V6(0x20010db8_00000000, 2, 20000, 0);

    [Theory]
    [InlineData(0, Errno.ENETUNREACH)]
    [InlineData(1, Errno.EHOSTUNREACH)]
    [InlineData(3, Errno.ECONNREFUSED)]
    [InlineData(4, Errno.EMSGSIZE)]
    [InlineData(13, Errno.EHOSTUNREACH)]
    public void AnErrorNamesTheDatagramThatItQuotes(byte code, int errno)
    {
        Assert.True(UnreachableMessage.TryRead(V4(1, [3, code, 0, 0, 0, 0, 0, 0, .. V4(17, Datagram)]), false, out NetworkError error));

        Assert.Equal(new NetworkError(51820, RemoteV4, errno), error);
    }

    [Theory]
    [InlineData(1, 0, Errno.ENETUNREACH)]
    [InlineData(1, 1, Errno.EHOSTUNREACH)]
    [InlineData(1, 3, Errno.EHOSTUNREACH)]
    [InlineData(1, 4, Errno.ECONNREFUSED)]
    [InlineData(2, 0, Errno.EMSGSIZE)]
    public void ErrorsOfIPv6AreReadToo(byte type, byte code, int errno)
    {
        Assert.True(UnreachableMessage.TryRead([type, code, 0, 0, 0, 0, 5, 0, .. V6(17, Datagram)], true, out NetworkError error));

        Assert.Equal(new NetworkError(51820, RemoteV6, errno), error);
    }

    [Fact]
    public void WhatIsAboutSomethingElseOrCutOffSaysNothing()
    {
        byte[] whole = V4(1, [3, 3, 0, 0, 0, 0, 0, 0, .. V4(17, Datagram)]);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(UnreachableMessage.TryRead(whole.AsSpan(0, length), false, out _), $"{length} bytes");
        }

        byte[] laterFragment = V4(17, Datagram);
        laterFragment[7] = 1;
        Assert.False(UnreachableMessage.TryRead(V4(1, [3, 3, 0, 0, 0, 0, 0, 0, .. laterFragment]), false, out _));
        Assert.False(UnreachableMessage.TryRead(V4(1, [3, 3, 0, 0, 0, 0, 0, 0, .. V4(6, Datagram)]), false, out _));
        Assert.False(UnreachableMessage.TryRead(V4(1, [11, 0, 0, 0, 0, 0, 0, 0, .. V4(17, Datagram)]), false, out _));
        Assert.False(UnreachableMessage.TryRead([1, 4, 0, 0, 0, 0, 0, 0, .. V6(58, Datagram)], true, out _));
        Assert.False(UnreachableMessage.TryRead([129, 4, 0, 0, 0, 0, 0, 0, .. V6(17, Datagram)], true, out _));
    }

    /// <summary>From port 51820 to port 20000.</summary>
    private static byte[] Datagram => [0xCA, 0x6C, 0x4E, 0x20, 0, 8, 0, 0];

    private static byte[] V4(byte protocol, byte[] payload) => [0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 1, 0, 2, 10, 2, 0, 2, .. payload];

    private static byte[] V6(byte next, byte[] payload) =>
        [0x60, 0, 0, 0, 0, 8, next, 64, 0x20, 1, 0x0d, 0xb8, .. new byte[11], 1, 0x20, 1, 0x0d, 0xb8, .. new byte[11], 2, .. payload];
}
