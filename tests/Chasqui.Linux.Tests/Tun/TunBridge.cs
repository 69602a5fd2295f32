using System.Runtime.InteropServices;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>Carries packets from one TUN device to another as a tunnel would: cut on one side, joined on the other.</summary>
internal sealed partial class TunBridge : IDisposable
{
    private const int Headroom = 16;
    private const int PollIn = 1;

    private readonly TunDevice _from;
    private readonly TunDevice _to;
    private readonly PacketJoiner _joiner;
    private readonly Thread _thread;
    private readonly Action<Span<byte>>? _disturb;
    private volatile bool _isStopping;
    private Exception? _failure;

    /// <param name="from">Read from.</param>
    /// <param name="to">Written to.</param>
    /// <param name="disturb">Sees each packet on its way and may change it.</param>
    internal TunBridge(TunDevice from, TunDevice to, Action<Span<byte>>? disturb)
    {
        (_from, _to, _disturb) = (from, to, disturb);
        _joiner = new PacketJoiner { JoinsTcp = to.HasVirtioNetHeader, JoinsUdp = (to.Offloads & TunOffloads.Uso4) != 0 };
        _thread = new Thread(Loop) { IsBackground = true };
        _thread.Start();
    }

    internal int Packets { get; private set; }

    internal int Refused { get; private set; }

    internal int MostCut { get; private set; }

    /// <summary>Super-packets of TCP that carried CWR.</summary>
    internal int EcnFrames { get; private set; }

    internal int Joined { get; private set; }

    internal int LastErrno { get; private set; }

    public void Dispose()
    {
        _isStopping = true;
        Assert.True(_thread.Join(TimeSpan.FromSeconds(10)), "The bridge does not stop.");
        Assert.Null(_failure);
    }

    private void Loop()
    {
        byte[] frame = new byte[TunDevice.MaxFrameLength];
        byte[] packet = new byte[Headroom + 65535];
        try
        {
            while (!_isStopping)
            {
                if (IsReadable())
                {
                    Drain(frame, packet);
                }
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private void Drain(byte[] frame, byte[] packet)
    {
        var sink = new DeviceSink(this);
        for (int batch = 0; batch < 8; batch++)
        {
            int length = _from.Read(frame);
            if (length <= 0)
            {
                break;
            }

            if (!SuperPacket.TryPlan(frame.AsSpan(0, length), out SegmentPlan plan))
            {
                Refused++;
                continue;
            }

            MostCut = Math.Max(MostCut, plan.Count);
            EcnFrames += (frame[1] & 0x80) != 0 ? 1 : 0;
            for (int i = 0; i < plan.Count; i++, Packets++)
            {
                int written = plan.Write(i, packet.AsSpan(Headroom));
                _disturb?.Invoke(packet.AsSpan(Headroom, written));
                _joiner.Add(packet.AsSpan(Headroom - VirtioNetHeader.Length, VirtioNetHeader.Length + written), ref sink);
            }
        }

        _joiner.Flush(ref sink);
    }

    private unsafe bool IsReadable()
    {
        var request = new PollFd { Fd = _from.Descriptor.DangerousFd, Events = PollIn };
        return poll(&request, 1, 50) > 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int poll(PollFd* requests, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Found;
    }

    private readonly struct DeviceSink(TunBridge bridge) : IPacketSink
    {
        public void Write(ReadOnlySpan<byte> frame)
        {
            bridge.Joined += frame[1] != 0 ? 1 : 0;
            int errno = bridge._to.Write(frame);
            bridge.LastErrno = errno != 0 ? errno : bridge.LastErrno;
        }
    }
}
