namespace Chasqui.Compare;

/// <summary>One of the two hosts of a <see cref="Lab"/>.</summary>
internal enum End
{
    /// <summary>Outer address 192.0.2.1, inner address 10.7.0.1. Servers listen here.</summary>
    Left,

    /// <summary>Outer address 192.0.2.2, inner address 10.7.0.2. Clients and pings start here.</summary>
    Right,
}
