using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Cli.Commands.Wg;

/// <summary>An interface that was read, under the name that it is shown by.</summary>
internal sealed class NamedDevice : IDisposable
{
    internal NamedDevice(string interfaceName, DeviceSnapshot snapshot)
    {
        Name = Applying.Cut(interfaceName);
        Snapshot = snapshot;
        PublicKey = snapshot.PrivateKey?.DerivePublicKey();
    }

    /// <summary>The interface's name, cut to the length that the kernel allows.</summary>
    internal string Name { get; }

    internal DeviceSnapshot Snapshot { get; }

    /// <summary>The public key of the private key; null if there is none.</summary>
    internal PublicKey? PublicKey { get; }

    /// <summary>The names of its peers, read from its file when they are asked for.</summary>
    internal IReadOnlyDictionary<PublicKey, string> PeerNames
    {
        get => field ??= Quick.PeerNames.Of(Name);
    }

    public void Dispose() => Snapshot.Dispose();
}
