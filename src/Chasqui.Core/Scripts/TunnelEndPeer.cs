using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Scripts;

/// <summary>A peer of a <see cref="TunnelEnd"/>.</summary>
internal sealed class TunnelEndPeer(PublicKey publicKey)
{
    internal PublicKey PublicKey { get; } = publicKey;

    /// <summary>The name, which is one line, or null.</summary>
    internal string? Name { get; private set; }

    /// <summary>The preshared key, or null. Owned by the configuration.</summary>
    internal PresharedKey? PresharedKey { get; private set; }

    internal ConfEndpoint? Endpoint { get; private set; }

    /// <summary>Seconds between keepalives; 0 for none.</summary>
    internal ushort KeepaliveSeconds { get; private set; }

    /// <summary>What the peer owns, in order.</summary>
    internal List<IpPrefix> AllowedIps { get; } = [];

    /// <summary>Where its last section stands, from 1.</summary>
    internal int Line { get; private set; }

    /// <summary>The name in quotes, else the public key: for sentences.</summary>
    internal string Title => Name is null ? PublicKey.ToString() : ConfText.Quote(Name);

    /// <summary>Takes what a section says; what an earlier one said stays where this one is silent.</summary>
    internal void Take(WgConfPeer conf, string? name)
    {
        Line = conf.Line;
        Name = name is not null && ConfText.IsOneLine(name) ? name : Name;
        PresharedKey = conf.PresharedKey is null ? PresharedKey : conf.PresharedKey.IsZero ? null : conf.PresharedKey;
        Endpoint = conf.Endpoint ?? Endpoint;
        KeepaliveSeconds = conf.PersistentKeepaliveSeconds ?? KeepaliveSeconds;
        if (conf.ReplaceAllowedIps)
        {
            AllowedIps.Clear();
        }
    }
}
