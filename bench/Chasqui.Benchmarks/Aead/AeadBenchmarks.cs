using BenchmarkDotNet.Attributes;
using Chasqui.Core;
using Chasqui.Core.Crypto;

namespace Chasqui.Benchmarks.Aead;

/// <summary>Our AEAD, a packet. Opening is in place, so each time the ciphertext is copied back first: its cost is a row.</summary>
public class AeadBenchmarks
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, ProtocolConstants.KeyLength).Select(i => (byte)i)];

    private readonly PacketAead _aead = new(Key);
    private PacketBatch _packets = null!;

    [Params(64, 512, 1420, 8000)]
    public int Length { get; set; }

    [Params(1, 8, 64)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _packets = new PacketBatch(Key, Length);
        Seal();
        Open();
        if (_packets.Slots.Any(slot => !slot.IsAuthentic)) throw new InvalidOperationException("Not opened.");
    }

    [Benchmark(OperationsPerInvoke = PacketBatch.Packets)]
    public void Seal()
    {
        for (Span<PacketSlot> rest = _packets.Slots; !rest.IsEmpty; rest = rest[Batch..])
        {
            _aead.Seal(_packets.Buffer, rest[..Batch]);
        }
    }

    [Benchmark(OperationsPerInvoke = PacketBatch.Packets)]
    public void Open()
    {
        _packets.Restore();
        for (Span<PacketSlot> rest = _packets.Slots; !rest.IsEmpty; rest = rest[Batch..])
        {
            _aead.Open(_packets.Buffer, rest[..Batch]);
        }
    }
}
