namespace Chasqui.Cli.Commands.Wg;

/// <summary>A peer in <see cref="ShowDocument"/>. What was not asked for, or is not set, is left out.</summary>
internal sealed class PeerJson
{
    /// <summary>The public key in base64.</summary>
    public required string PublicKey { get; init; }

    /// <summary>The name that the interface's file gives it.</summary>
    public string? Name { get; init; }

    /// <summary>The preshared key in base64, or <c>(hidden)</c>.</summary>
    public string? PresharedKey { get; init; }

    /// <summary>Address and port as <c>show endpoints</c> writes them.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The name that the daemon resolves by itself, with its port.</summary>
    public string? EndpointName { get; init; }

    /// <summary>Prefixes as <c>show allowed-ips</c> writes them.</summary>
    public IReadOnlyList<string>? AllowedIps { get; init; }

    /// <summary>The last handshake in seconds since 1970; 0 for never.</summary>
    public long? LatestHandshake { get; init; }

    /// <summary>Bytes received.</summary>
    public ulong? ReceivedBytes { get; init; }

    /// <summary>Bytes sent.</summary>
    public ulong? SentBytes { get; init; }

    /// <summary>Interval of keepalives in seconds; 0 for off.</summary>
    public int? PersistentKeepalive { get; init; }
}
