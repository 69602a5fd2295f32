using Chasqui.Linux.Icmp;
using Chasqui.Linux.Tun;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Icmp;

/// <summary>Echo requests, their answers, and errors that quote them.</summary>
public sealed class EchoMessageTests
{
    private const ushort Identifier = 0xBEEF;

    private static readonly UdpAddress From = UdpAddress.V4(0x0A000002, 0);

    [Fact]
    public void ARequestHasASoundChecksum()
    {
        byte[] message = [.. new byte[8], .. "odd"u8];

        EchoMessage.WriteRequest(message, isV6: false, Identifier, 7);

        Assert.Equal([8, 0], message[..2]);
        Assert.Equal([0xBE, 0xEF, 0, 7], message[4..8]);
        Assert.True(InternetChecksum.IsValid(InternetChecksum.Sum(message)));
    }

    [Fact]
    public void AReplyOfOursIsRead()
    {
        Assert.True(EchoMessage.TryRead(V4([0, 0, 0, 0, 0xBE, 0xEF, 0, 9]), false, Identifier, From, out EchoAnswer answer));
        Assert.Equal(new EchoAnswer(EchoAnswerKind.Reply, 9, From, 0, 0), answer);

        Assert.True(EchoMessage.TryRead([129, 0, 0, 0, 0xBE, 0xEF, 1, 0], true, Identifier, From, out answer));
        Assert.Equal(256, answer.Sequence);
    }

    [Fact]
    public void AnErrorNamesTheRequestThatItQuotes()
    {
        byte[] tooBig = V4([3, 4, 0, 0, 0, 0, 0x05, 0x14, .. V4([8, 0, 0, 0, 0xBE, 0xEF, 0, 3])]);

        Assert.True(EchoMessage.TryRead(tooBig, false, Identifier, From, out EchoAnswer answer));

        Assert.Equal(new EchoAnswer(EchoAnswerKind.TooBig, 3, From, 4, 1300), answer);
    }

    [Theory]
    [InlineData(1, EchoAnswerKind.Unreachable)]
    [InlineData(2, EchoAnswerKind.TooBig)]
    [InlineData(3, EchoAnswerKind.TimeExceeded)]
    public void ErrorsOfIPv6AreReadToo(byte type, EchoAnswerKind kind)
    {
        byte[] quoted = [0x60, 0, 0, 0, 0, 8, 58, 64, .. new byte[32], 128, 0, 0, 0, 0xBE, 0xEF, 0, 5];

        Assert.True(EchoMessage.TryRead([type, 1, 0, 0, 0, 0, 5, 0, .. quoted], true, Identifier, From, out EchoAnswer answer));

        Assert.Equal((kind, (ushort)5, kind == EchoAnswerKind.TooBig ? 1280 : 0), (answer.Kind, answer.Sequence, answer.Mtu));
    }

    [Fact]
    public void WhatIsNotOursOrCutOffIsNoAnswer()
    {
        byte[][] packets =
        [
            [], [0x45], V4([]), V4([0, 0, 0, 0, 0xBE, 0xEF, 0]), V4([0, 0, 0, 0, 1, 2, 0, 9]), V4([8, 0, 0, 0, 0xBE, 0xEF, 0, 9]),
            V4([3, 1, 0, 0, 0, 0, 0, 0]), V4([3, 1, 0, 0, 0, 0, 0, 0, .. V4([8, 0, 0, 0, 1, 2, 0, 3])]),
            V4([3, 1, 0, 0, 0, 0, 0, 0, .. V4([0, 0, 0, 0, 0xBE, 0xEF, 0, 3])]), [0x4F, .. V4([0, 0, 0, 0, 0xBE, 0xEF, 0, 9])[1..]],
        ];

        Assert.All(packets, packet => Assert.False(EchoMessage.TryRead(packet, false, Identifier, From, out _)));
        Assert.False(EchoMessage.TryRead([1, 0, 0, 0, 0, 0, 0, 0, .. new byte[48]], true, Identifier, From, out _));
    }

    /// <summary>Over the loopback interface, where the kernel answers.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheKernelAnswersARequest(bool isV6)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs CAP_NET_RAW");
        using EchoSocket socket = EchoSocket.Open(isV6, "lo", Identifier);
        UdpAddress loopback = isV6 ? UdpAddress.V6(0, 1, 0, 0) : UdpAddress.V4(0x7F000001, 0);

        Assert.Equal(0, socket.Send(loopback, 42, payloadLength: 1000));

        Assert.NotEqual(PollEvents.None, Poller.WaitOne(socket.Descriptor, PollEvents.Read, timeoutMilliseconds: 5000));
        EchoAnswer answer = default;
        Assert.True(SpinWait.SpinUntil(() => socket.TryReceive(out answer), TimeSpan.FromSeconds(5)));
        Assert.Equal((EchoAnswerKind.Reply, (ushort)42, loopback), (answer.Kind, answer.Sequence, answer.From));
    }

    [Fact]
    public void AnInterfaceThatIsNotThereIsNamed()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs CAP_NET_RAW");

        LinuxException exception = Assert.Throws<LinuxException>(() => EchoSocket.Open(false, "nope0", Identifier));

        Assert.Equal(Errno.ENODEV, exception.Errno);
        Assert.Contains("nope0", exception.Message);
    }

    private static byte[] V4(byte[] payload) => [0x45, 0, 0, 0, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1, .. payload];
}
