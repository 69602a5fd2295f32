namespace Chasqui.Cli.Commands.Live;

/// <summary>In which order peers are shown.</summary>
internal enum PeerOrder
{
    /// <summary>As they were added.</summary>
    Added,

    /// <summary>Busiest first.</summary>
    Rate,

    /// <summary>By name.</summary>
    Name,

    /// <summary>Those first that do not answer, then by the age of their handshakes.</summary>
    Trouble,
}
