using BenchmarkDotNet.Attributes;
using Chasqui.Core;
using Chasqui.Core.Crypto;

namespace Chasqui.Benchmarks.Crypto;

/// <summary>What a handshake is made of.</summary>
public class PrimitiveBenchmarks
{
    private readonly byte[] _privateKey = new byte[ProtocolConstants.KeyLength];
    private readonly byte[] _publicKey = new byte[ProtocolConstants.KeyLength];
    private readonly byte[] _output = new byte[ProtocolConstants.KeyLength];
    private readonly byte[] _mac = new byte[ProtocolConstants.MacLength];
    private readonly byte[] _block = new byte[64];
    private readonly byte[] _message = new byte[116];
    private readonly byte[] _long = new byte[8192];

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_privateKey);
        X25519.DerivePublicKey(_privateKey, _publicKey);
        _privateKey[7]++;
    }

    [Benchmark]
    public bool X25519Agree() => X25519.TryAgree(_privateKey, _publicKey, _output);

    [Benchmark]
    public void X25519DerivePublicKey() => X25519.DerivePublicKey(_privateKey, _output);

    [Benchmark]
    public void Blake2sHashOf64Bytes() => Blake2s.Hash(_block, [], _output);

    [Benchmark]
    public void Blake2sHashOf8192Bytes() => Blake2s.Hash(_long, [], _output);

    [Benchmark]
    public void Blake2sMacOf116Bytes() => Blake2s.Mac(_publicKey, _message, _mac);

    [Benchmark]
    public void HmacOf32Bytes() => Kdf.Hmac(_publicKey, _privateKey, _output);
}
