namespace Chasqui.Linux.Netlink;

/// <summary>One event of a <see cref="NetworkMonitor"/>.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Link">The interface, for the kinds about one; else the default value.</param>
public readonly record struct NetworkEvent(NetworkEventKind Kind, LinkInfo Link);
