using System.Diagnostics;
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
/// and it is waited for what the network says of them: up to <see cref="ProbePatience"/>, and not at all if every peer answers. To those
/// to which data goes and from which nothing comes an echo request or three are sent, through the tunnel.
/// </remarks>
public static class HostEvidenceReader
{
    /// <summary>How long the network may take to say that a datagram did not arrive: the kernel asks three seconds for a neighbour.</summary>
    internal static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(3.5);

    // Who waits for an answer asks again within a second or two.
    private static readonly TimeSpan RefusedPatience = TimeSpan.FromSeconds(1.5);
    private const int StepMilliseconds = 50;

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const string NotForwarded = "InAddrErrors";

    /// <summary>Gathers the evidence.</summary>
    /// <param name="subject">What is known already: the interface and what its daemon tells.</param>
    /// <param name="measured">The peers whose paths are measured, each of which takes some seconds, up to half a minute.</param>
    /// <exception cref="LinuxException">The kernel refuses to answer. EPERM: measuring takes CAP_NET_RAW.</exception>
    public static HostEvidence Read(ExplainSubject subject, IReadOnlyList<PublicKey> measured)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(measured);
        string interfaceName = subject.InterfaceName;
        TunnelStatus status = subject.Status;
        using Rtnetlink rtnetlink = Rtnetlink.Open();
        if (!rtnetlink.TryGetLink(interfaceName, out LinkInfo link))
        {
            return new HostEvidence();
        }

        long refused = ProcNet.Counter(NotForwarded);
        IReadOnlyList<AddressInfo> addresses = rtnetlink.GetAddresses();
        bool hasSocket = status.ListenPort != 0 && ProcNet.HasUdpPort(status.ListenPort);
        var routes = new RouteEvidenceReader(rtnetlink, link, addresses);
        bool canAsk = link.IsUp && hasSocket;
        IReadOnlyList<EchoEvidence> echoes = link.IsUp ? EchoReader.Ask(interfaceName, status, Explainer.FindOneWay(subject)) : [];
        IReadOnlyList<EndpointWay> ways = canAsk
            ? new WayReader(rtnetlink, link, addresses, status.FwMark).Read(status, Explainer.FindSilent(With(subject, echoes))) : [];
        PacketFilter filter = PacketFilter.Read(new HostPrograms(Environment.GetEnvironmentVariable("PATH") ?? DefaultPath));
        bool? isForwarding = ProcNet.Setting("ipv4/ip_forward") is { } forward ? forward != 0 : null;
        long refusedNow = isForwarding == false ? WatchRefused(refused) : refused;
        return new HostEvidence
        {
            HasLink = true,
            IsLinkUp = link.IsUp,
            HasSocket = hasSocket,
            Addresses = [.. addresses.Where(address => address.InterfaceIndex == link.Index && address.Scope == 0)
                .Select(static address => new HostAddress(IpAddress.FromBytes(address.Address.GetAddressBytes()), address.PrefixLength))],
            Routes = link.IsUp ? routes.Read(status) : [],
            Ways = ways,
            Echoes = echoes,
            PathMtus = link.IsUp ? [.. status.Peers.Where(peer => measured.Contains(peer.PublicKey)).Select(peer => EchoReader.Measure(interfaceName, link.Mtu, peer))] : [],
            Incoming = hasSocket ? filter.JudgeIncoming(status.ListenPort, out string? rule) : Unread(out rule),
            IncomingRule = rule,
            IsForwarding = isForwarding,
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

    /// <summary>Who lost an echo request may be silent, too.</summary>
    private static ExplainSubject With(ExplainSubject subject, IReadOnlyList<EchoEvidence> echoes) => new()
    {
        InterfaceName = subject.InterfaceName,
        Status = subject.Status,
        HasJournal = subject.HasJournal,
        Names = subject.Names,
        Host = new HostEvidence { HasLink = true, IsLinkUp = true, HasSocket = true, Echoes = echoes },
    };

    /// <summary>Whether packets for others come just now: waits a moment for the next, if any ever came.</summary>
    private static long WatchRefused(long before)
    {
        var clock = Stopwatch.StartNew();
        long now = ProcNet.Counter(NotForwarded);
        while (now == before && now > 0 && clock.Elapsed < RefusedPatience)
        {
            Thread.Sleep(StepMilliseconds);
            now = ProcNet.Counter(NotForwarded);
        }

        return now;
    }

    private static FilterVerdict Unread(out string? rule)
    {
        rule = null;
        return FilterVerdict.Unknown;
    }
}
