using System.Buffers.Binary;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>A stranger who sends datagrams that are no good, from as many addresses as he likes, costs time and nothing that stays.</summary>
public sealed class StrangerTests
{
    private const int Datagrams = 1_000_000;

    /// <summary>Each of the four messages, an initiation with a mac1 that fits nobody among them, and lengths that are no message's.</summary>
    private static readonly (byte Type, int Length)[] Kinds = [(1, 148), (2, 92), (3, 64), (4, 32), (4, 1452), (5, 32), (1, 147)];

    [Fact]
    public void AMillionDistinctBadDatagramsAllocateNothingAndAreAllCounted()
    {
        using var pair = new TunnelPair(new SeededEntropy(4));
        pair.Establish();
        byte[] datagram = new byte[1500];
        var outbox = new ArrayOutbox(new byte[2000]);
        var random = new Random(4);
        Flood(pair, random, datagram, ref outbox, 1000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Flood(pair, random, datagram, ref outbox, Datagrams);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        DropReason[] reasons = [DropReason.InvalidMac1, DropReason.NoMatchingHandshake, DropReason.UnknownIndex, DropReason.Malformed];
        Assert.Equal(Datagrams + 1000, reasons.Sum(reason => pair.B.Drops[reason]));
        Assert.All(reasons, reason => Assert.Equal(pair.B.Drops[reason], pair.B.Journal.CountOf(TunnelEventKind.Dropped, reason)));
        Assert.InRange(pair.B.Journal.End, 1, 100); // all at one moment: a burst of each kind was told
    }

    private static void Flood(TunnelPair pair, Random random, byte[] datagram, ref ArrayOutbox outbox, int count)
    {
        for (int i = 0; i < count; i++)
        {
            (byte type, int length) = Kinds[i % Kinds.Length];
            random.NextBytes(datagram.AsSpan(4, 60));
            BinaryPrimitives.WriteUInt32LittleEndian(datagram, type);
            var from = new Endpoint(new IpEndpoint(IpAddress.V4((uint)random.Next()), (ushort)random.Next(1, 65536)));
            pair.B.ReceiveDatagram(pair.Moment, from, 0, datagram.AsSpan(0, length), ref outbox);
        }
    }
}
