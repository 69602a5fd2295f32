using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Noise;

/// <summary>Our own static key pair: S_priv and S_pub.</summary>
/// <remarks>Guarded by the tunnel's control lock.</remarks>
internal sealed class StaticIdentity : IDisposable
{
    private readonly PrivateKey _privateKey;

    /// <summary>Copies <paramref name="privateKey"/> and computes its public key.</summary>
    internal StaticIdentity(PrivateKey privateKey)
    {
        _privateKey = new PrivateKey(privateKey.DangerousSpan);
        PublicKey = privateKey.DerivePublicKey();
    }

    /// <summary>S_pub.</summary>
    internal PublicKey PublicKey { get; }

    /// <summary>S_priv; never all zeros.</summary>
    internal PrivateKey PrivateKey => _privateKey;

    /// <summary>Zeroes the private key.</summary>
    public void Dispose() => _privateKey.Dispose();
}
