using BenchmarkDotNet.Attributes;
using Chasqui.Linux.Tun;

namespace Chasqui.Benchmarks.Tun;

/// <summary>Joining 46 packets into what is written to the interface, checksums included, a packet.</summary>
public class JoinBenchmarks
{
    private readonly byte[] _tcp4 = Frames.Packets(isV6: false, isTcp: true);
    private readonly byte[] _tcp6 = Frames.Packets(isV6: true, isTcp: true);
    private readonly byte[] _udp4 = Frames.Packets(isV6: false, isTcp: false);
    private readonly byte[] _interleaved = Frames.InterleavedPackets();
    private readonly byte[] _acknowledgements = Frames.Acknowledgements();
    private readonly PacketJoiner _joiner = new() { JoinsTcp = true, JoinsUdp = true };

    [Benchmark(OperationsPerInvoke = Frames.Segments)]
    public long TcpOverIPv4() => Join(_tcp4, Frames.PacketLength);

    [Benchmark(OperationsPerInvoke = Frames.Segments)]
    public long TcpOverIPv6() => Join(_tcp6, Frames.PacketLength);

    [Benchmark(OperationsPerInvoke = Frames.Segments)]
    public long UdpOverIPv4() => Join(_udp4, Frames.PacketLength);

    [Benchmark(OperationsPerInvoke = Frames.Segments)]
    public long EightFlowsInTurn() => Join(_interleaved, Frames.PacketLength);

    [Benchmark(OperationsPerInvoke = Frames.Segments)]
    public long BareAcknowledgements() => Join(_acknowledgements, 40);

    private long Join(byte[] packets, int length)
    {
        var sink = default(CountingSink);
        for (int i = 0; i < Frames.Segments; i++)
        {
            int frame = (i * Frames.Pace) + Frames.Headroom - VirtioNetHeader.Length;
            _joiner.Add(packets.AsSpan(frame, VirtioNetHeader.Length + length), ref sink);
        }

        _joiner.Flush(ref sink);
        return sink.Bytes;
    }
}
