namespace Chasqui.Cli.Commands.Peers;

/// <summary>What <c>peer list --json</c> writes. Source: docs/json.md.</summary>
/// <param name="Version">The version of the document's form.</param>
/// <param name="Interface">The interface's name.</param>
/// <param name="File">Its file.</param>
/// <param name="PublicKey">The interface's own public key in base64; null if the file has no private key.</param>
/// <param name="IsRunning">Whether the interface runs under a daemon that answers.</param>
/// <param name="Peers">The file's peers in order, then those that only run.</param>
internal sealed record PeerListDocument(
    int Version, string Interface, string File, string? PublicKey, bool IsRunning, IReadOnlyList<ListedPeer> Peers);
