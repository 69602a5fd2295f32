using BenchmarkDotNet.Attributes;

namespace Chasqui.Benchmarks.Tun;

/// <summary>Cutting a super-packet of 64 KiB, checksums included, a packet of the 46.</summary>
public class CutBenchmarks
{
    private readonly byte[] _tcp4 = Frames.SuperFrame(isV6: false, isTcp: true);
    private readonly byte[] _tcp6 = Frames.SuperFrame(isV6: true, isTcp: true);
    private readonly byte[] _udp4 = Frames.SuperFrame(isV6: false, isTcp: false);
    private readonly byte[] _target = Frames.NewBuffer();

    [Benchmark(OperationsPerInvoke = Frames.Segments)]
    public int TcpOverIPv4() => Frames.Cut(_tcp4, _target);

    [Benchmark(OperationsPerInvoke = Frames.Segments)]
    public int TcpOverIPv6() => Frames.Cut(_tcp6, _target);

    [Benchmark(OperationsPerInvoke = Frames.Segments)]
    public int UdpOverIPv4() => Frames.Cut(_udp4, _target);
}
