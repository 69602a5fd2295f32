namespace Chasqui.Core.Sessions;

/// <summary>Counts nothing: see Peer.Counters.cs.</summary>
public sealed partial class Keypair
{
    internal ulong Accepted { get => 0; set => _ = value; }
}
