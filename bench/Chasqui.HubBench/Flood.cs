using System.Diagnostics;
using Chasqui.Core;
using Chasqui.Linux.Udp;

namespace Chasqui.HubBench;

/// <summary>Floods through a hub, one way after the other: bursts of one peer, then of the next, round and round.</summary>
internal sealed class Flood(HubLab lab, Settings settings, Scenario scenario, ActivePeer[] peers)
{
    private const int ChunkBytes = 1 << 27;
    private const long MostWaiting = 3 << 20; // of the 14 MiB that the daemon's socket may have
    private const int LookEvery = 1 << 20;

    private readonly List<byte[]> _chunks = [];

    /// <summary>From the peers to the hub: sealed beforehand, sent as fast as the daemon takes them from its socket.</summary>
    internal Result Inbound(int burst)
    {
        int stride = Padded(InnerPacket.HeaderLength + settings.Payload) + Tunnel.DataOverhead;
        int burstBytes = stride * burst;
        int bursts = (int)((long)settings.Megabytes * 1_000_000 / burstBytes);
        int perChunk = ChunkBytes / burstBytes;
        Prepare(burst, burstBytes, bursts, perChunk);
        (long packetsBefore, long bytesBefore) = lab.DeliveredToHub();
        long cpuBefore = lab.DaemonNanoseconds();
        long start = Stopwatch.GetTimestamp();
        UdpAddress hub = UdpAddress.V4(Addresses.HubOuter, Addresses.Port);
        int sinceLook = 0;
        for (int i = 0; i < bursts; i++)
        {
            ReadOnlySpan<byte> datagrams = _chunks[i / perChunk].AsSpan(i % perChunk * burstBytes, burstBytes);
            peers[i % peers.Length].Socket.Send(datagrams, stride, hub, default, 0);
            if ((sinceLook += burstBytes) >= LookEvery)
            {
                sinceLook = 0;
                WaitForRoom(MostWaiting);
            }
        }

        WaitForRoom(0);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        Thread.Sleep(20);
        long cpu = lab.DaemonNanoseconds() - cpuBefore;
        (long packets, long bytes) = lab.DeliveredToHub();
        long payload = bytes - bytesBefore - (InnerPacket.HeaderLength * (packets - packetsBefore));
        return Make(payload, time, cpu, (double)bursts * burst);
    }

    /// <summary>From the hub to the peers: the sender is not held back, what the daemon cannot take is lost in the interface's queue.</summary>
    internal Result Outbound(int burst)
    {
        using UdpSocket sender = lab.InHub(() => UdpSocket.Open(UdpFamily.V4, new UdpOptions { UseCoalescing = false }));
        var payloads = new byte[burst * settings.Payload];
        int stride = Padded(InnerPacket.HeaderLength + settings.Payload) + Tunnel.DataOverhead;
        (long packetsBefore, long bytesBefore) = lab.DeliveredToWorld();
        long cpuBefore = lab.DaemonNanoseconds();
        long start = Stopwatch.GetTimestamp();
        long sent = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < settings.Seconds)
        {
            ActivePeer peer = peers[sent % peers.Length];
            int inner = (peer.Number * peer.Prefixes) + (int)(sent / peers.Length % peer.Prefixes);
            sender.Send(payloads, settings.Payload, UdpAddress.V4(Addresses.Inner(inner), (ushort)(10_000 + (sent / peers.Length % scenario.Flows))), default, 0);
            sent++;
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        Thread.Sleep(20);
        long cpu = lab.DaemonNanoseconds() - cpuBefore;
        (long packets, long bytes) = lab.DeliveredToWorld();
        double datagrams = (double)(bytes - bytesBefore - (28 * (packets - packetsBefore))) / stride;
        return Make((long)(datagrams * settings.Payload), time, cpu, (double)sent * burst);
    }

    private static int Padded(int length) => Math.Min(1420, (length + 15) & -16);

    private Result Make(long payload, TimeSpan time, long cpu, double offered)
    {
        double packets = (double)payload / settings.Payload;
        return new Result(payload * 8 / time.TotalSeconds / 1e9, cpu / Math.Max(1, packets), packets / offered);
    }

    private void Prepare(int burst, int burstBytes, int bursts, int perChunk)
    {
        var inner = new byte[InnerPacket.HeaderLength + settings.Payload];
        var padded = new byte[Padded(inner.Length)];
        var slots = new PacketSlot[burst];
        for (int i = 0; i < bursts; i++)
        {
            if (i / perChunk == _chunks.Count)
            {
                _chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkBytes, pinned: true));
            }

            Span<byte> datagrams = _chunks[i / perChunk].AsSpan(i % perChunk * burstBytes, burstBytes);
            peers[i % peers.Length].Seal(inner, padded, i / peers.Length, datagrams, slots);
        }
    }

    private void WaitForRoom(long bytes)
    {
        long start = Stopwatch.GetTimestamp();
        while (lab.WaitingBytes() > bytes && Stopwatch.GetElapsedTime(start).TotalSeconds < 10)
        {
            Thread.Sleep(0);
        }
    }
}
