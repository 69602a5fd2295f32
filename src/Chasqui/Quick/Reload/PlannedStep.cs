using Chasqui.Core.Config;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>One step of a plan, as data. Members that its kind has no use for are not set.</summary>
/// <param name="Kind">What it does.</param>
internal sealed record PlannedStep(PlannedStepKind Kind)
{
    /// <summary>The address to add or to remove.</summary>
    internal QuickAddress Address { get; init; }

    /// <summary>Of an address that goes: those of its network that stay, and came after it.</summary>
    internal IReadOnlyList<QuickAddress> Followers { get; init; } = [];

    /// <summary>Of an address that comes: whether the kernel drops all IPv4 routes when that is undone, because it is the first.</summary>
    internal bool IsFirstOfV4 { get; init; }

    /// <summary>The route to add or to remove.</summary>
    internal QuickRoute Route { get; init; }

    /// <summary>The route of somebody else's.</summary>
    internal RouteInfo OtherRoute { get; init; }

    /// <summary>The rule to add or to remove.</summary>
    internal RuleInfo Rule { get; init; }

    /// <summary>The family of a packet filter.</summary>
    internal bool IsV6 { get; init; }

    /// <summary>What the packet filter is to say.</summary>
    internal FirewallState? Firewall { get; init; }

    /// <summary>What the packet filter says; null if there is none.</summary>
    internal FirewallState? OldFirewall { get; init; }
}
