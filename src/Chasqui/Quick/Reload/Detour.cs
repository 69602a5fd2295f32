using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>What leads all traffic of one family into the tunnel, and the tunnel's own datagrams past it.</summary>
/// <remarks>As <c>up</c> makes it for a default route with <c>Table = auto</c>: two rules and a packet filter. Null members are not there.</remarks>
/// <param name="IntoTable">The rule into the tunnel's table.</param>
/// <param name="HidingDefault">The rule that hides the main table's default route.</param>
/// <param name="Firewall">The packet filter.</param>
internal sealed record Detour(RuleInfo? IntoTable, RuleInfo? HidingDefault, FirewallState? Firewall)
{
    /// <summary>None.</summary>
    internal static Detour None { get; } = new(null, null, null);
}
