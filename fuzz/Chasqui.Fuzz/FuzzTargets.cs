using Chasqui.Fuzz.Engine;
using Chasqui.Fuzz.Targets;

namespace Chasqui.Fuzz;

/// <summary>Every parser that reads what others wrote.</summary>
internal static class FuzzTargets
{
    internal static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new DatagramTarget(), new StormTarget(), new InnerTarget(), new IcmpTarget(), new FrameTarget(), new JoinerTarget(), new UapiTarget(),
        new UapiReplyTarget(), new NetlinkTarget(), new ControlTarget(), new KeyTextTarget(), new IpTextTarget(), new IpsTarget(),
        new CheckTarget(), new DnsAnswerTarget(), new RouterOsTarget(), new HubTarget(), new QuickStateTarget(), new X25519Target(),
        new AeadTarget(), new MetricsTarget(), new ControlRequestTarget(), new ControlAnswerTarget(), new EchoTarget(),
        new FilterRulesTarget(), new NetworkErrorTarget(),
    ];

    internal static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
