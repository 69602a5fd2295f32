namespace Chasqui.Linux.Netlink;

/// <summary>What happened to the network.</summary>
public enum NetworkEventKind
{
    /// <summary>An interface appeared, or changed in any way: <see cref="NetworkEvent.Link"/> is its new state.</summary>
    LinkChanged,

    /// <summary>An interface is gone for good.</summary>
    LinkDeleted,

    /// <summary>An interface left for another network namespace and lives on there.</summary>
    LinkMoved,

    /// <summary>One or more routes or rules changed.</summary>
    RoutesChanged,

    /// <summary>One or more addresses changed.</summary>
    AddressesChanged,

    /// <summary>Events were lost: anything may have changed.</summary>
    Overrun,
}
