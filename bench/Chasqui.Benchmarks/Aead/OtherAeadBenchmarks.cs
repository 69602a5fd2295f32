using System.Buffers.Binary;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Chasqui.Benchmarks.Interop;
using Chasqui.Core;
using Chasqui.Core.Crypto;

namespace Chasqui.Benchmarks.Aead;

/// <summary>What others need for a packet: each takes one a call. Opening copies the ciphertext back as ours does.</summary>
public class OtherAeadBenchmarks
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, ProtocolConstants.KeyLength).Select(i => (byte)i)];

    private readonly PacketAead _portable = PacketAead.CreatePortable(Key);
    private readonly ChaCha20Poly1305 _framework = new(Key);
    private readonly OpenSslAead _openSsl = new(Key);
    private readonly byte[] _nonce = new byte[12];
    private PacketBatch _packets = null!;

    [Params(64, 512, 1420, 8000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        foreach (Action seal in (Action[])[SealByFramework, SealByOpenSsl])
        {
            _packets = new PacketBatch(Key, Length);
            seal();
            _packets.CheckSealed();
        }
    }

    [Benchmark(OperationsPerInvoke = PacketBatch.Packets)]
    public void CopyOnly() => _packets.Restore();

    [Benchmark(OperationsPerInvoke = PacketBatch.Packets)]
    public void SealByOurPortablePath() => _portable.Seal(_packets.Buffer, _packets.Slots);

    [Benchmark(OperationsPerInvoke = PacketBatch.Packets)]
    public void SealByFramework()
    {
        foreach (PacketSlot packet in _packets.Slots)
        {
            Span<byte> text = _packets.Buffer.AsSpan(packet.Offset, packet.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(_nonce.AsSpan(4), packet.Counter);
            _framework.Encrypt(_nonce, text, text, _packets.Buffer.AsSpan(packet.Offset + packet.Length, ProtocolConstants.TagLength));
        }
    }

    [Benchmark(OperationsPerInvoke = PacketBatch.Packets)]
    public void OpenByFramework()
    {
        _packets.Restore();
        foreach (PacketSlot packet in _packets.Slots)
        {
            Span<byte> text = _packets.Buffer.AsSpan(packet.Offset, packet.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(_nonce.AsSpan(4), packet.Counter);
            _framework.Decrypt(_nonce, text, _packets.Buffer.AsSpan(packet.Offset + packet.Length, ProtocolConstants.TagLength), text);
        }
    }

    [Benchmark(OperationsPerInvoke = PacketBatch.Packets)]
    public void SealByOpenSsl() => _openSsl.Seal(_packets.Buffer, _packets.Slots);

    [Benchmark(OperationsPerInvoke = PacketBatch.Packets)]
    public void OpenByOpenSsl()
    {
        _packets.Restore();
        _openSsl.Open(_packets.Buffer, _packets.Slots);
    }
}
