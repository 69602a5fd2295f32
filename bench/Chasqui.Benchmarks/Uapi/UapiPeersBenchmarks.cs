using System.Buffers;
using BenchmarkDotNet.Attributes;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Uapi;
using Chasqui.Core.Wire;

namespace Chasqui.Benchmarks.Uapi;

/// <summary>The control protocol with 20,000 peers: set and get, each as its steps.</summary>
public class UapiPeersBenchmarks
{
    private const int Peers = 20_000;

    private static readonly Instant Now = new(1_000_000_000_000);

    private readonly byte[] _buffer = new byte[UapiWriter.MinimumBufferLength * 4];
    private readonly ArrayBufferWriter<byte> _reply = new();
    private byte[] _set = [];
    private DeviceChange _change = new();
    private Tunnel _tunnel = null!;

    [GlobalSetup]
    public void Setup()
    {
        var entropy = new SeededEntropy(1);
        _change = new DeviceChange
        {
            PrivateKey = PrivateKey.Generate(entropy),
            ListenPort = 51820,
            ReplacePeers = true,
            Peers = [.. Enumerable.Range(0, Peers).Select(i => NewPeer(i, entropy))],
        };
        var text = new ArrayBufferWriter<byte>();
        UapiRequestWriter.WriteSet(_change, text);
        _set = text.WrittenSpan.ToArray();
        _tunnel = new Tunnel(entropy);
        Apply();
        using DeviceSnapshot snapshot = _tunnel.Snapshot(51820, 0);
        UapiWriter.Write(snapshot, _reply);
    }

    [Benchmark]
    public int SetRead()
    {
        using var reader = new UapiReader(null);
        ReadOnlySpan<byte> bytes = _set;
        if (!reader.TryRead(ref bytes, out UapiOperation? operation)) throw new InvalidOperationException("The text is not whole.");
        using (operation)
        {
            return operation.Change!.Peers.Count;
        }
    }

    [Benchmark]
    public bool Apply() => _tunnel.TryApply(_change, Now);

    [Benchmark]
    public int GetSnapshot()
    {
        using DeviceSnapshot snapshot = _tunnel.Snapshot(51820, 0);
        return snapshot.Peers.Count;
    }

    [Benchmark]
    public long GetSnapshotAndWrite()
    {
        using DeviceSnapshot snapshot = _tunnel.Snapshot(51820, 0);
        var writer = new UapiWriter(snapshot);
        long written = 0;
        while (!writer.IsDone)
        {
            written += writer.Write(_buffer);
        }

        return written;
    }

    [Benchmark]
    public int GetReplyRead()
    {
        using var reader = new UapiGetReplyReader(null);
        ReadOnlySpan<byte> bytes = _reply.WrittenSpan;
        if (!reader.TryRead(ref bytes, out DeviceSnapshot? snapshot, out _)) throw new InvalidOperationException("The answer is not whole.");
        using (snapshot)
        {
            return snapshot!.Peers.Count;
        }
    }

    private static PeerChange NewPeer(int i, SeededEntropy entropy)
    {
        Span<byte> key = stackalloc byte[PublicKey.Length];
        entropy.Fill(key);
        return new PeerChange
        {
            PublicKey = new PublicKey(key),
            Endpoint = new IpEndpoint(IpAddress.V4(0xC6120000 + (uint)i), 51820),
            PersistentKeepaliveSeconds = 25,
            ReplaceAllowedIps = true,
            AllowedIps =
            [
                new(new IpPrefix(IpAddress.V4(0x0A000000 + (uint)i), 32), false),
                new(new IpPrefix(IpAddress.V6(0xfd00_0001_0000_0000 | (uint)i, 0), 64), false),
            ],
        };
    }
}
