namespace Chasqui.Cli.Commands.Wg;

/// <summary>An interface in <see cref="ShowDocument"/>. What was not asked for, or is not set, is left out.</summary>
internal sealed class InterfaceJson
{
    /// <summary>The interface's name.</summary>
    public required string Name { get; init; }

    /// <summary>The public key in base64.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The private key in base64, or <c>(hidden)</c>.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>The UDP port; 0 while none was chosen.</summary>
    public int? ListenPort { get; init; }

    /// <summary>The mark of outgoing datagrams; 0 for none.</summary>
    public uint? FwMark { get; init; }

    /// <summary>The peers.</summary>
    public IReadOnlyList<PeerJson>? Peers { get; init; }
}
