namespace Chasqui.Quick.Reload;

/// <summary>What a <see cref="PlannedStep"/> does.</summary>
internal enum PlannedStepKind
{
    /// <summary>Keys, port, mark and peers, but nothing that is taken away.</summary>
    Configure,

    /// <summary>The MTU, and the link up if it is not.</summary>
    SetMtu,

    /// <summary>Secondary addresses outlive the first of their network.</summary>
    PromoteSecondaries,

    /// <summary>They do no longer.</summary>
    DemoteSecondaries,

    /// <summary>An address more.</summary>
    AddAddress,

    /// <summary>An address less.</summary>
    RemoveAddress,

    /// <summary>A rule more.</summary>
    AddRule,

    /// <summary>A rule less.</summary>
    RemoveRule,

    /// <summary>A route more.</summary>
    AddRoute,

    /// <summary>A route less.</summary>
    RemoveRoute,

    /// <summary>A route of somebody else's, which the kernel drops with the last IPv4 address, goes before that.</summary>
    ParkRoute,

    /// <summary>It comes back.</summary>
    ReturnRoute,

    /// <summary>The reverse path filter takes marks into account.</summary>
    AllowSourceMark,

    /// <summary>The packet filter is made, or made anew.</summary>
    SetFirewall,

    /// <summary>The packet filter is taken away.</summary>
    RemoveFirewall,

    /// <summary>The resolver is told the name servers.</summary>
    SetNameServers,

    /// <summary>The resolver forgets them.</summary>
    UnsetNameServers,

    /// <summary>Peers that go, and the mark if there is to be none.</summary>
    Remove,
}
