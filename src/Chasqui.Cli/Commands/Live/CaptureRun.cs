using System.Text;
using Chasqui.Capture;
using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Packets;
using Chasqui.Linux.Tun;

namespace Chasqui.Cli.Commands.Live;

/// <summary>Packets of an interface, and the datagrams that carry them, into a stream until a limit is reached.</summary>
/// <param name="plan">What and how much.</param>
/// <param name="output">Where to.</param>
/// <param name="takeKeys">Takes the keys of handshakes since the last time; null if they are not wanted.</param>
internal sealed class CaptureRun(CapturePlan plan, Stream output, Action<SecretBuffer>? takeKeys) : IDisposable
{
    private const int FlushBytes = 1 << 20;

    // What a packet's block has beside it, and the statistics at the end.
    private const int Reserve = 192;

    // Names take no more than this part of the file: a hub has thousands of peers.
    private const int NamesPart = 4, NameOverhead = 24;

    // It may hold keys.
    private readonly SecretBuffer _blocks = new();
    private readonly SecretBuffer _keys = new();

    // Whole, whatever is kept of it: where datagrams end is seen in what they carry.
    private readonly byte[] _packet = new byte[ushort.MaxValue];
    private readonly byte[] _datagram = new byte[ushort.MaxValue];
    private long _packets;

    /// <summary>How many packets were written.</summary>
    internal long Packets => _packets;

    /// <summary>How many passed unseen because they came too fast.</summary>
    internal long Lost { get; private set; }

    /// <summary>Why it came to its end; null before.</summary>
    internal string? End { get; private set; }

    /// <summary>Captures.</summary>
    /// <param name="status">The interface, for its port.</param>
    /// <param name="names">What addresses are called.</param>
    /// <param name="wake">Set to end it.</param>
    /// <exception cref="LinuxException">EPERM, ENODEV; ENETDOWN: the interface has gone meanwhile. ENOSPC and the like of the output.</exception>
    internal void Run(TunnelStatus status, IReadOnlyDictionary<IpAddress, string> names, EventFd wake)
    {
        uint index = IndexOf(plan.Interface);
        using PacketSocket inner = PacketSocket.Open(index);
        using PacketSocket? outer = plan.HasOuter ? PacketSocket.OpenForPort(status.ListenPort) : null;
        using var poller = new Poller(3);
        int stop = poller.Add(wake.Descriptor, PollEvents.Read);
        _ = poller.Add(inner.Descriptor, PollEvents.Read);
        _ = outer is null ? 0 : poller.Add(outer.Descriptor, PollEvents.Read);
        var writer = new PcapngWriter(_blocks, $"chasqui {CommandLine.Version}", hasSeveralInterfaces: outer is not null);
        int innerNumber = writer.AddInterface(plan.Interface, plan.SnapLength), outerNumber = outer is null ? 0 : writer.AddInterface("outer", plan.SnapLength);
        writer.AddNames(Fitting(names));
        Flush();
        takeKeys?.Invoke(_keys); // they are kept from here on
        Instant end = Now() + plan.Time;
        while (!IsOver(end, poller.Ready(stop) != 0))
        {
            _ = poller.Wait((int)Math.Ceiling(Math.Max(0, (end - Now()).TotalMilliseconds)));
            Take(inner, writer, innerNumber, null, end);
            if (outer is not null)
            {
                Take(outer, writer, outerNumber, index, end);
            }

            Flush();
        }

        AddLost(writer, innerNumber, inner);
        if (outer is not null)
        {
            AddLost(writer, outerNumber, outer);
        }

        Flush();
    }

    /// <summary>Zeroes what may hold keys.</summary>
    public void Dispose()
    {
        _keys.Dispose();
        _blocks.Dispose();
    }

    private Dictionary<IpAddress, string> Fitting(IReadOnlyDictionary<IpAddress, string> names)
    {
        var fitting = new Dictionary<IpAddress, string>();
        long room = plan.Bytes / NamesPart;
        foreach ((IpAddress address, string name) in names)
        {
            room -= NameOverhead + Encoding.UTF8.GetByteCount(name);
            if (room < 0)
            {
                break;
            }

            fitting.Add(address, name);
        }

        return fitting;
    }

    private void AddLost(PcapngWriter writer, int number, PacketSocket socket)
    {
        long lost = socket.TakeLost();
        Lost += lost;
        writer.AddStatistics(number, BootClock.UnixNanoseconds(), lost);
    }

    private static Instant Now() => new(BootClock.Now());

    private static uint IndexOf(string name)
    {
        using Rtnetlink netlink = Rtnetlink.Open();
        return netlink.TryGetLink(name, out LinkInfo link) ? link.Index : throw new LinuxException("find", name, Errno.ENODEV);
    }

    private static bool IsThere(string name)
    {
        using Rtnetlink netlink = Rtnetlink.Open();
        return netlink.TryGetLink(name, out _);
    }

    private bool IsOver(Instant end, bool isInterrupted = false)
    {
        End ??= isInterrupted ? "interrupted"
            : _packets >= plan.Packets ? $"as many as asked for with {CaptureCommand.Count}"
            : Now() >= end ? $"{plan.Time.TotalSeconds:0} seconds are over; {CaptureCommand.Time} makes it longer"
            : null;
        return End is not null;
    }

    /// <summary>Takes what waits. An interface that goes down may come up again; one that is deleted does not.</summary>
    private void Take(PacketSocket socket, PcapngWriter writer, int number, uint? exceptIndex, Instant end)
    {
        try
        {
            TakeAll(socket, writer, number, exceptIndex, end);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ENETDOWN)
        {
            End ??= IsThere(plan.Interface) ? null : $"{plan.Interface} is gone";
        }
    }

    /// <summary>The tunnel's own interface is no place to look for what carries it.</summary>
    private void TakeAll(PacketSocket socket, PcapngWriter writer, int number, uint? exceptIndex, Instant end)
    {
        while (!IsOver(end) && socket.TryReceive(_packet, out CapturedPacket packet))
        {
            ReadOnlySpan<byte> bytes = _packet.AsSpan(0, packet.Length);
            if (packet.InterfaceIndex == exceptIndex)
            {
                continue;
            }

            if (exceptIndex is not null && CarriedMessages.TryCut(bytes, out SegmentPlan datagrams))
            {
                AddEach(writer, number, packet, datagrams);
            }
            else
            {
                Add(writer, number, packet, bytes, packet.OriginalLength);
            }

            if (_blocks.Length > FlushBytes)
            {
                Flush();
            }
        }
    }

    private void AddEach(PcapngWriter writer, int number, in CapturedPacket packet, SegmentPlan datagrams)
    {
        for (int i = 0; i < datagrams.Count && _packets < plan.Packets; i++)
        {
            int length = datagrams.Write(i, _datagram);
            Add(writer, number, packet, _datagram.AsSpan(0, length), length);
        }
    }

    private void Add(PcapngWriter writer, int number, in CapturedPacket packet, ReadOnlySpan<byte> bytes, int originalLength)
    {
        ReadOnlySpan<byte> kept = bytes[..Math.Min(bytes.Length, plan.SnapLength)];
        TakeKeys(number, bytes);
        if (writer.Length + _keys.Length + kept.Length + Reserve > plan.Bytes)
        {
            End ??= $"{plan.Bytes} bytes are full; {CaptureCommand.Size} makes it more";
            return;
        }

        if (_keys.Length > 0)
        {
            writer.AddSecrets(_keys.WrittenSpan);
            _keys.Clear();
        }

        writer.AddPacket(number, packet.UnixNanoseconds, packet.IsOutgoing, kept, originalLength);
        _packets++;
    }

    /// <summary>The daemon keeps a key before it sends the message: of a handshake that was seen on its way, the keys are there.</summary>
    private void TakeKeys(int number, ReadOnlySpan<byte> packet)
    {
        if (number == 0 || takeKeys is null || Datagram.Classify(CarriedMessages.PayloadOf(packet)) is not (MessageType.Initiation or MessageType.Response))
        {
            return;
        }

        try
        {
            takeKeys(_keys);
        }
        catch (LinuxException exception)
        {
            End ??= $"the daemon gives no more keys: {LinuxException.Describe(exception.Errno)}";
        }
    }

    private void Flush()
    {
        output.Write(_blocks.WrittenSpan);
        output.Flush();
        _blocks.Clear();
    }
}
