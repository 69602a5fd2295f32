using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Chasqui.Core.Wire;

namespace Chasqui.Capture;

/// <summary>Writes captured packets as Wireshark and tcpdump read them.</summary>
/// <remarks>
/// Source: draft-ietf-opsawg-pcapng; tcpdump.org/linktypes. Little-endian, times in nanoseconds. Packets of one interface are of link type RAW and begin
/// with their IP header. libpcap, which tcpdump reads with, takes no second interface of that type (it compares 101 with its own number for
/// it), so that packets of several get a header in front: LINUX_SLL. Blocks are whole when a call returns. Threads: one.
/// </remarks>
public sealed class PcapngWriter
{
    private const uint SectionHeader = 0x0A0D0D0A, ByteOrder = 0x1A2B3C4D, InterfaceDescription = 1, NameResolution = 4, Statistics = 5, EnhancedPacket = 6, DecryptionSecrets = 10;
    private const uint WireGuardKeyLog = 0x57474B4C; // "WGKL"
    private const ushort LinkTypeRaw = 101, LinkTypeCooked = 113, EndOfOptions = 0, Application = 4, InterfaceName = 2, TimeResolution = 9, PacketFlags = 2, Dropped = 5;
    private const ushort V4Record = 1, V6Record = 2;
    private const uint Inbound = 1, Outbound = 2;
    private const byte Nanoseconds = 9;
    private const int Overhead = 12; // type and both lengths

    private const int CookedLength = 16;
    private const ushort CookedOutgoing = 4, CookedNoHardware = 0xFFFE, EtherTypeV4 = 0x0800, EtherTypeV6 = 0x86DD;

    private readonly IBufferWriter<byte> _output;
    private readonly bool _isCooked;
    private readonly ArrayBufferWriter<byte> _body = new();
    private int _interfaces;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Receives the file.</param>
    /// <param name="application">Who writes it, for the file's header.</param>
    /// <param name="hasSeveralInterfaces">Whether there will be more than one interface.</param>
    public PcapngWriter(IBufferWriter<byte> output, string application, bool hasSeveralInterfaces)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _isCooked = hasSeveralInterfaces;
        Word(ByteOrder);
        Half(1); // version 1.0
        Half(0);
        Word(uint.MaxValue); // a section of unknown length
        Word(uint.MaxValue);
        Option(Application, Encoding.UTF8.GetBytes(application));
        EndOptions();
        EndBlock(SectionHeader);
    }

    /// <summary>How many bytes have been written.</summary>
    public long Length { get; private set; }

    /// <summary>Declares an interface, before its first packet.</summary>
    /// <returns>Its number.</returns>
    public int AddInterface(string name, int snapLength)
    {
        Half(_isCooked ? LinkTypeCooked : LinkTypeRaw);
        Half(0);
        Word((uint)(snapLength + HeaderLength));
        Option(InterfaceName, Encoding.UTF8.GetBytes(name));
        Option(TimeResolution, [Nanoseconds]);
        EndOptions();
        EndBlock(InterfaceDescription);
        return _interfaces++;
    }

    /// <summary>Says what addresses are called.</summary>
    public void AddNames(IReadOnlyDictionary<IpAddress, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Span<byte> address = stackalloc byte[16];
        foreach ((IpAddress key, string name) in names)
        {
            int length = key.WriteBytes(address);
            byte[] text = Encoding.UTF8.GetBytes(name.Replace("\0", "", StringComparison.Ordinal) + "\0");
            Option(key.IsV4 ? V4Record : V6Record, [.. address[..length], .. text]);
        }

        Option(EndOfOptions, []);
        EndBlock(NameResolution);
    }

    /// <summary>Adds secrets that make the packets behind them readable: lines of Wireshark's WireGuard key log.</summary>
    /// <remarks>No copy of them stays here.</remarks>
    public void AddSecrets(ReadOnlySpan<byte> lines)
    {
        int padded = (lines.Length + 3) & ~3, length = Overhead + (2 * sizeof(uint)) + padded;
        Span<byte> block = _output.GetSpan(length)[..length];
        block.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(block, DecryptionSecrets);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], WireGuardKeyLog);
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], lines.Length);
        lines.CopyTo(block[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(block[(length - 4)..], length);
        _output.Advance(length);
        Length += length;
    }

    /// <summary>Adds a packet.</summary>
    /// <param name="interfaceNumber">Of the interface that it was seen on.</param>
    /// <param name="unixNanoseconds">When.</param>
    /// <param name="isOutgoing">Whether this machine sent it.</param>
    /// <param name="packet">Its first bytes, from the IP header on.</param>
    /// <param name="originalLength">How many it had.</param>
    public void AddPacket(int interfaceNumber, long unixNanoseconds, bool isOutgoing, ReadOnlySpan<byte> packet, int originalLength)
    {
        Word((uint)interfaceNumber);
        Time(unixNanoseconds);
        Word((uint)(packet.Length + HeaderLength));
        Word((uint)(originalLength + HeaderLength));
        if (_isCooked)
        {
            WriteCookedHeader(isOutgoing, packet);
        }

        Padded(packet);
        Option(PacketFlags, BitConverter.GetBytes(isOutgoing ? Outbound : Inbound));
        EndOptions();
        EndBlock(EnhancedPacket);
    }

    /// <summary>Says at the end how many packets of an interface were lost.</summary>
    public void AddStatistics(int interfaceNumber, long unixNanoseconds, long lost)
    {
        Word((uint)interfaceNumber);
        Time(unixNanoseconds);
        Option(Dropped, BitConverter.GetBytes(lost));
        EndOptions();
        EndBlock(Statistics);
    }

    private int HeaderLength => _isCooked ? CookedLength : 0;

    /// <summary>Direction, no hardware, no address, and the packet's kind: in network order, as it comes from a wire.</summary>
    private void WriteCookedHeader(bool isOutgoing, ReadOnlySpan<byte> packet)
    {
        Span<byte> header = _body.GetSpan(CookedLength)[..CookedLength];
        header.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header, isOutgoing ? CookedOutgoing : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], CookedNoHardware);
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], !packet.IsEmpty && packet[0] >> 4 == 6 ? EtherTypeV6 : EtherTypeV4);
        _body.Advance(CookedLength);
    }

    private void Time(long unixNanoseconds)
    {
        Word((uint)((ulong)unixNanoseconds >> 32));
        Word((uint)unixNanoseconds);
    }

    private void Option(ushort code, ReadOnlySpan<byte> value)
    {
        // A name of any length, cut: the length has 16 bits.
        ReadOnlySpan<byte> kept = value[..Math.Min(value.Length, 1024)];
        Half(code);
        Half((ushort)kept.Length);
        Padded(kept);
    }

    private void EndOptions() => Option(EndOfOptions, []);

    private void Padded(ReadOnlySpan<byte> bytes)
    {
        _body.Write(bytes);
        Span<byte> padding = stackalloc byte[3];
        padding.Clear();
        _body.Write(padding[..(-bytes.Length & 3)]);
    }

    private void Half(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_body.GetSpan(2), value);
        _body.Advance(2);
    }

    private void Word(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_body.GetSpan(4), value);
        _body.Advance(4);
    }

    private void EndBlock(uint type)
    {
        int length = _body.WrittenCount + Overhead;
        Span<byte> block = _output.GetSpan(length);
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        _body.WrittenSpan.CopyTo(block[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(block[(length - 4)..], length);
        _output.Advance(length);
        _body.ResetWrittenCount();
        Length += length;
    }
}
