using System.Text.Json.Serialization;

namespace Chasqui.Cli.Commands.Peers;

/// <summary>A peer as <c>peer list</c> shows it. Source: docs/json.md.</summary>
internal sealed class ListedPeer
{
    /// <summary>The name; null if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The public key in base64.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Whether there is a preshared key.</summary>
    public required bool HasPresharedKey { get; init; }

    /// <summary>What the hub sends to the peer.</summary>
    public required IReadOnlyList<string> AllowedIps { get; init; }

    /// <summary>Where the peer is: as it runs, else as the file says; null if neither knows.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Whether the file has the peer.</summary>
    public required bool IsInFile { get; init; }

    /// <summary>Whether the running interface has the peer.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>The last handshake in seconds since 1970, 0 for never; null if the peer does not run.</summary>
    public long? LatestHandshake { get; init; }

    /// <summary>Bytes received; null if the peer does not run.</summary>
    public ulong? ReceivedBytes { get; init; }

    /// <summary>Bytes sent; null if the peer does not run.</summary>
    public ulong? SentBytes { get; init; }

    /// <summary>The table's row.</summary>
    [JsonIgnore]
    internal string Label => Name is null ? (IsInFile ? "-" : "(not in the file)") : Name;
}
