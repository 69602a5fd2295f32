using System.Net;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Udp;

/// <summary>Two sockets on the loopback interface and what arrives at the second.</summary>
internal sealed class Loopback : IDisposable
{
    private readonly ReceiveBatch _batch;
    private readonly Poller _poller = new(1);

    internal Loopback(UdpFamily family, UdpOptions sender, UdpOptions receiver, int messageBytes = ReceiveBatch.MaximumMessageBytes)
    {
        SkipWithout(family);
        Sender = UdpSocket.Open(family, sender);
        Receiver = UdpSocket.Open(family, receiver);
        Remote = UdpAddress.From(new IPEndPoint(family == UdpFamily.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback, Receiver.Port));
        _batch = new ReceiveBatch(8, messageBytes);
        _ = _poller.Add(Receiver.Descriptor, PollEvents.Read);
    }

    internal UdpSocket Sender { get; }

    internal UdpSocket Receiver { get; }

    internal UdpAddress Remote { get; }

    internal int Messages { get; private set; }

    internal static void SkipWithout(UdpFamily family)
    {
        if (family == UdpFamily.V6 && !File.Exists("/proc/net/if_inet6"))
            Assert.Skip("The machine has no IPv6.");
    }

    /// <summary>Whether datagrams, one after the other, are the bytes that were sent.</summary>
    internal static bool AreWhole(ReadOnlySpan<byte> sent, List<byte[]> datagrams) =>
        sent.SequenceEqual(datagrams.SelectMany(datagram => datagram).ToArray());

    internal SendResult Send(ReadOnlySpan<byte> datagrams, int segmentSize) =>
        Sender.Send(datagrams, segmentSize, Remote, default, 0);

    /// <summary>Receives one batch, waiting for it.</summary>
    internal ReceiveBatch NextBatch()
    {
        int received;
        do
        {
            Assert.True(_poller.Wait(10_000) > 0, "nothing arrived within ten seconds");
            received = _batch.Receive(Receiver);
            Assert.True(received >= 0, $"recvmmsg: {LinuxException.Describe(-received)}");
        }
        while (received == 0);
        return _batch;
    }

    /// <summary>Receives datagrams until there are as many as asked for.</summary>
    internal List<byte[]> Receive(int datagrams)
    {
        List<byte[]> all = [];
        while (all.Count < datagrams)
        {
            ReceiveBatch batch = NextBatch();
            Messages += batch.Messages.Length;
            foreach (ref readonly ReceivedMessage message in batch.Messages)
            {
                int end = 0;
                while (message.Next(ref end, out int offset, out int length))
                    all.Add(batch.Buffer.Slice(offset, length).ToArray());
            }
        }

        return all;
    }

    public void Dispose()
    {
        _poller.Dispose();
        Sender.Dispose();
        Receiver.Dispose();
    }
}
