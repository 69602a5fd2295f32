namespace Chasqui.Core.Sessions;

/// <summary>What is counted of a session for its owner alone.</summary>
public sealed partial class Keypair
{
    /// <summary>Messages accepted. Guarded by the peer's gate.</summary>
    internal ulong Accepted { get; set; }
}
