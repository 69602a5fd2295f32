using Chasqui.Core;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Quick;

namespace Chasqui.Explain;

/// <summary>Asks the machine about an interface and the ways of its packets. Changes nothing.</summary>
/// <remarks>
/// Everything is asked in the calling thread's network namespace. To the endpoints of peers that do not answer some empty datagrams are sent,
/// and it is waited for what the network says of them: up to <see cref="ProbePatience"/>, and not at all if every peer answers.
/// </remarks>
public static class HostEvidenceReader
{
    /// <summary>How long the network may take to say that a datagram did not arrive: the kernel asks three seconds for a neighbour.</summary>
    internal static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(3.5);

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const string NotForwarded = "InAddrErrors";

    /// <summary>Gathers the evidence.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="status">What its daemon tells.</param>
    /// <param name="silent">The peers whose endpoints are asked: see <see cref="Explainer.FindSilent"/>.</param>
    /// <exception cref="LinuxException">The kernel refuses to answer.</exception>
    public static HostEvidence Read(string interfaceName, TunnelStatus status, IReadOnlyList<PublicKey> silent)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(silent);
        using Rtnetlink rtnetlink = Rtnetlink.Open();
        if (!rtnetlink.TryGetLink(interfaceName, out LinkInfo link))
        {
            return new HostEvidence();
        }

        long refused = ProcNet.Counter(NotForwarded);
        IReadOnlyList<AddressInfo> addresses = rtnetlink.GetAddresses();
        bool hasSocket = status.ListenPort != 0 && ProcNet.HasUdpPort(status.ListenPort);
        var routes = new RouteEvidenceReader(rtnetlink, link, addresses);
        IReadOnlyList<EndpointWay> ways = link.IsUp && hasSocket ? new WayReader(rtnetlink, link, addresses, status.FwMark).Read(status, silent) : [];
        PacketFilter filter = PacketFilter.Read(new HostPrograms(Environment.GetEnvironmentVariable("PATH") ?? DefaultPath));
        long refusedNow = ProcNet.Counter(NotForwarded);
        return new HostEvidence
        {
            HasLink = true,
            IsLinkUp = link.IsUp,
            HasSocket = hasSocket,
            Addresses = [.. addresses.Where(address => address.InterfaceIndex == link.Index && address.Scope == 0)
                .Select(static address => new HostAddress(IpAddress.FromBytes(address.Address.GetAddressBytes()), address.PrefixLength))],
            Routes = link.IsUp ? routes.Read(status) : [],
            Ways = ways,
            Incoming = hasSocket ? filter.JudgeIncoming(status.ListenPort, out string? rule) : Unread(out rule),
            IncomingRule = rule,
            IsForwarding = ProcNet.Setting("ipv4/ip_forward") is { } forward ? forward != 0 : null,
            NotForwarded = refusedNow - refused,
            NotForwardedEver = refusedNow,
            ForwardedEver = ProcNet.Counter("ForwDatagrams"),
            HasMasquerade = filter.HasMasquerade,
            IsReversePathStrict = IsStrict(interfaceName),
        };
    }

    /// <summary>Whether the reverse path filter of an interface is strict: the larger of its setting and that of all counts.</summary>
    internal static bool IsStrict(string interfaceName) =>
        Math.Max(ProcNet.Setting($"ipv4/conf/{interfaceName}/rp_filter") ?? 0, ProcNet.Setting("ipv4/conf/all/rp_filter") ?? 0) == 1;

    private static FilterVerdict Unread(out string? rule)
    {
        rule = null;
        return FilterVerdict.Unknown;
    }
}
