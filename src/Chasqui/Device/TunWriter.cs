using Chasqui.Linux;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>Writes frames to the interface, and learns which joined frames its kernel takes.</summary>
/// <remarks>
/// A joined frame that is refused is cut again and written packet by packet, so nothing is lost. Joining stops for a protocol after
/// <see cref="RefusalLimit"/> refusals in a row: one odd packet of a stranger's must not slow everybody down. What the interface does
/// not take otherwise (it is going down) is lost, as on any link. Threads: one. Allocates only after a refusal.
/// </remarks>
internal sealed class TunWriter
{
    /// <summary>Refusals of one protocol's joined frames, without a success between them, after which it is joined no more.</summary>
    internal const int RefusalLimit = 16;

    private readonly Func<ReadOnlySpan<byte>, int> _write;
    private readonly Action<long> _stepDown;
    private byte[]? _single;
    private int _tcpRefusals;
    private int _udpRefusals;

    /// <summary>A writer that believes in both kinds of joined frames.</summary>
    /// <param name="write">Writes one frame; returns 0 or an error number, as <see cref="TunDevice.Write"/>.</param>
    /// <param name="stepDown">Told the one of <see cref="SteppedDownOffload"/> that is not used from here on.</param>
    internal TunWriter(Func<ReadOnlySpan<byte>, int> write, Action<long> stepDown)
    {
        _write = write;
        _stepDown = stepDown;
    }

    /// <summary>Whether the kernel is believed to take joined TCP segments.</summary>
    internal bool TakesTcp => _tcpRefusals < RefusalLimit;

    /// <summary>Whether the kernel is believed to take joined UDP datagrams.</summary>
    internal bool TakesUdp => _udpRefusals < RefusalLimit;

    /// <summary>Writes one frame.</summary>
    internal void Write(ReadOnlySpan<byte> frame)
    {
        int errno = _write(frame);
        if (!VirtioNetHeader.IsSuperPacket(frame))
        {
            return;
        }

        bool isUdp = VirtioNetHeader.IsUdpSuperPacket(frame);
        ref int refusals = ref isUdp ? ref _udpRefusals : ref _tcpRefusals;
        if (errno == 0)
        {
            refusals = 0;
        }
        else if (errno == Errno.EINVAL)
        {
            refusals++;
            WriteCut(frame);
            if (refusals == RefusalLimit)
            {
                _stepDown(isUdp ? SteppedDownOffload.JoinedUdp : SteppedDownOffload.JoinedTcp);
            }
        }
    }

    private void WriteCut(ReadOnlySpan<byte> frame)
    {
        if (!SuperPacket.TryPlan(frame, out SegmentPlan plan))
        {
            return;
        }

        _single ??= GC.AllocateArray<byte>(TunDevice.MaxFrameLength, pinned: true);
        for (int i = 0; i < plan.Count; i++)
        {
            int length = plan.Write(i, _single.AsSpan(VirtioNetHeader.Length));
            _ = _write(_single.AsSpan(0, VirtioNetHeader.Length + length));
        }
    }
}
