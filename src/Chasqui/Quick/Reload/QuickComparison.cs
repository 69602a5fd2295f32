using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Names;

namespace Chasqui.Quick.Reload;

/// <summary>A file beside its running interface: the one model of <c>reload</c> and <c>diff</c>.</summary>
/// <remarks>Ownership: holds secrets, which <see cref="Dispose"/> zeroes. Works in the calling thread's network namespace. Threads: one.</remarks>
internal sealed class QuickComparison : IDisposable
{
    private const int MinimumMtuOfV6 = 1280;

    private QuickComparison(QuickFile file, WgConf conf, Rtnetlink rtnetlink, QuickFirewall firewall, HostPrograms programs)
    {
        File = file;
        Conf = conf;
        Rtnetlink = rtnetlink;
        Firewall = firewall;
        Programs = programs;
    }

    internal QuickFile File { get; }

    /// <summary>What the file says to <c>wg</c>.</summary>
    internal WgConf Conf { get; }

    internal Rtnetlink Rtnetlink { get; }

    internal QuickFirewall Firewall { get; }

    internal HostPrograms Programs { get; }

    internal LinkInfo Link { get; private set; }

    /// <summary>What was last made of the file; null if nobody knows.</summary>
    internal QuickNote? Note { get; private set; }

    internal RunningState Running { get; private set; } = null!;

    internal WantedState Wanted { get; private set; } = null!;

    internal DeviceReload Device { get; private set; } = null!;

    internal NameReload Names { get; private set; } = null!;

    internal QuickPlan Plan { get; private set; } = null!;

    /// <summary>Whether the commands of the file are others than those of the last <c>up</c>, as far as that is known.</summary>
    internal bool HasOtherHooks => Note is not null && Note.Hooks != QuickNote.HashHooks(File.Conf);

    /// <summary>Reads a file's interface and compares.</summary>
    /// <exception cref="QuickException">It is not up, or cannot be read.</exception>
    /// <exception cref="ConfigException">A value in the file is wrong.</exception>
    internal static QuickComparison Of(QuickFile file, QuickOptions options)
    {
        WgConf conf = QuickUp.ReadDevice(file, options);
        var programs = new HostPrograms(options.SearchPath);
        var comparison = new QuickComparison(file, conf, Rtnetlink.Open(), new QuickFirewall(programs, file.InterfaceName), programs);
        try
        {
            comparison.Read(options);
            return comparison;
        }
        catch
        {
            comparison.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Device?.Running.Dispose();
        Conf.Dispose();
        Rtnetlink.Dispose();
    }

    private void Read(QuickOptions options)
    {
        string name = File.InterfaceName;
        QuickTable table = QuickTable.Read(File.Conf, File.Path);
        DeviceSnapshot device = ReadDevice(name);
        if (!Rtnetlink.TryGetLink(name, out LinkInfo link))
        {
            device.Dispose();
            throw new QuickException($"`{name}' is not in this network namespace. Run this in its own, with `ip netns exec' or nsenter");
        }

        Link = link;
        Note = QuickNote.Read(options.StateFolder, name, link.Index);
        var endpoints = new EndpointChoice(device, Conf, Note, EndpointLookup.FindAll, BootClock.UnixNanoseconds());
        Device = DeviceReload.Of(device, Conf, endpoints);
        Names = NameReload.Of(Device, Conf);
        Running = new RunningStateReader(Rtnetlink, Firewall, link).Read(device, Note, table);
        Wanted = WantedState.Of(File, Conf.FwMark, Device.Outcome, Running, FindMtu);
        if (Wanted.Mtu < MinimumMtuOfV6 && Wanted.Addresses.Any(static address => address.Address.IsV6))
        {
            throw new QuickException(
                $"an MTU of {Wanted.Mtu} is too small for the IPv6 addresses of {File.Path}: give MTU = 1280 or more, or take them out");
        }

        Plan = QuickPlan.Of(
            Running,
            Wanted,
            configures: !ConfigDiff.IsEmpty(Device.Configuring(Wanted.Mark)) || Names.IsDifferent,
            removes: !ConfigDiff.IsEmpty(Device.Removing(Wanted.Mark)));
    }

    private static DeviceSnapshot ReadDevice(string name)
    {
        try
        {
            return QuickDown.ReadRunning(name);
        }
        catch (QuickException exception)
        {
            throw new QuickException($"`{name}' is not up. Run `chasqui up {name}' first; `chasqui show interfaces' lists those that run", exception);
        }
    }

    private int FindMtu() => AutomaticMtu.Find(
        Rtnetlink, Device.Outcome.Peers.Select(static peer => peer.Endpoint), Device.Running.FwMark, Link.Index);
}
