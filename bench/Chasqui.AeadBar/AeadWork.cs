using Chasqui.Core;
using Chasqui.Core.Crypto;

namespace Chasqui.AeadBar;

/// <summary>64 packets that are sealed and opened in place, a batch a call.</summary>
internal sealed class AeadWork : IDisposable
{
    private const int Packets = 64;
    private const int Header = 16;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1);

    private readonly PacketAead _aead = new([.. Enumerable.Range(0, ProtocolConstants.KeyLength).Select(i => (byte)i)]);
    private readonly PacketSlot[] _slots = GC.AllocateArray<PacketSlot>(Packets, pinned: true);
    private readonly byte[] _buffer;
    private readonly byte[] _sealed;
    private readonly int _batch;

    internal AeadWork(int length, int batch)
    {
        _batch = batch;
        int stride = (Header + length + ProtocolConstants.TagLength + 15) & ~15;
        _buffer = GC.AllocateArray<byte>(Packets * stride, pinned: true);
        for (int i = 0; i < Packets; i++)
        {
            _slots[i] = new PacketSlot { Offset = (i * stride) + Header, Length = length, Counter = (ulong)i };
        }

        Seal();
        _sealed = [.. _buffer];
    }

    /// <summary>Nanoseconds that sealing a packet takes, over a second.</summary>
    internal double SealNanoseconds() => Nanoseconds(Seal);

    /// <summary>Nanoseconds that opening a packet takes, over a second. Copying the ciphertext to where it is opened is part of it.</summary>
    /// <exception cref="InvalidOperationException">A packet was not authentic.</exception>
    internal double OpenNanoseconds()
    {
        double nanoseconds = Nanoseconds(Open);
        return _slots.All(slot => slot.IsAuthentic) ? nanoseconds : throw new InvalidOperationException("Not opened.");
    }

    public void Dispose() => _aead.Dispose();

    private void Seal()
    {
        for (Span<PacketSlot> rest = _slots; !rest.IsEmpty; rest = rest[_batch..])
        {
            _aead.Seal(_buffer, rest[.._batch]);
        }
    }

    private void Open()
    {
        _sealed.CopyTo(_buffer, 0);
        for (Span<PacketSlot> rest = _slots; !rest.IsEmpty; rest = rest[_batch..])
        {
            _aead.Open(_buffer, rest[.._batch]);
        }
    }

    /// <summary>By the user time of the process, as "openssl speed" does it: what others do meanwhile on the core does not count.</summary>
    private static double Nanoseconds(Action all)
    {
        const int RunsBetweenLooks = 100;
        TimeSpan start = Environment.CpuUsage.UserTime, taken;
        long packets = 0;
        do
        {
            for (int i = 0; i < RunsBetweenLooks; i++)
            {
                all();
            }

            packets += RunsBetweenLooks * Packets;
            taken = Environment.CpuUsage.UserTime - start;
        }
        while (taken < Span);

        return taken.TotalNanoseconds / packets;
    }
}
