using System.Diagnostics;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>The steps of a plan in words and in deed.</summary>
internal sealed class PlanSteps
{
    private readonly QuickComparison _comparison;
    private readonly InterfaceSteps _interface;
    private readonly UapiClient _control = new();
    private readonly string _name;

    internal PlanSteps(QuickComparison comparison)
    {
        _comparison = comparison;
        _name = comparison.File.InterfaceName;
        _interface = new InterfaceSteps(comparison.Rtnetlink, _name) { Index = comparison.Link.Index };
    }

    private DeviceReload Device => _comparison.Device;

    private WantedState Wanted => _comparison.Wanted;

    /// <summary>The step that a planned one stands for.</summary>
    internal QuickStep Of(PlannedStep step) => step.Kind switch
    {
        PlannedStepKind.Configure => Configure(),
        PlannedStepKind.Remove => Set(Device.Removing(Wanted.Mark), Device.Returning(Wanted.Mark), ""),
        PlannedStepKind.SetMtu => _interface.SetMtu(Wanted.Mtu, _comparison.Link),
        PlannedStepKind.PromoteSecondaries => _interface.SetPromotion(true),
        PlannedStepKind.DemoteSecondaries => _interface.SetPromotion(false),
        PlannedStepKind.AddAddress => AddAddress(step),
        PlannedStepKind.RemoveAddress => RemoveAddress(step),
        PlannedStepKind.AddRule => _interface.AddRule(step.Rule),
        PlannedStepKind.RemoveRule => _interface.RemoveRule(step.Rule),
        PlannedStepKind.AddRoute => _interface.AddRoute(step.Route.Prefix, step.Route.Table, QuickTable.Words(step.Route.Table)),
        PlannedStepKind.RemoveRoute => _interface.RemoveRoute(step.Route.Prefix, step.Route.Table),
        PlannedStepKind.ParkRoute => _interface.RemoveRoute(step.OtherRoute),
        PlannedStepKind.ReturnRoute => _interface.ReturnRoute(step.OtherRoute),
        PlannedStepKind.AllowSourceMark => InterfaceSteps.AllowSourceMark(_comparison.Running.SourceMark),
        PlannedStepKind.SetFirewall => SetFirewall(step.IsV6, step.Firewall!, step.OldFirewall),
        PlannedStepKind.RemoveFirewall => Reverse(SetFirewall(step.IsV6, step.OldFirewall!, null)),
        PlannedStepKind.SetNameServers => SetNameServers(Wanted.NameServers),
        PlannedStepKind.UnsetNameServers => UnsetNameServers(),
        _ => throw new UnreachableException(),
    };

    private QuickStep AddAddress(PlannedStep planned)
    {
        QuickStep step = _interface.AddAddress(planned.Address);
        return !planned.IsFirstOfV4 ? step : step with
        {
            Undo = () =>
            {
                // The kernel drops the routes with the last address.
                step.Undo!();
                foreach (QuickRoute route in _comparison.Running.OwnRoutes.Where(static route => route.Prefix.Address.IsV4))
                {
                    _interface.AddRoute(route.Prefix, route.Table, "").Action();
                }

                foreach (RouteInfo route in _comparison.Running.OtherRoutes)
                {
                    _comparison.Rtnetlink.AddRoute(route);
                }
            },
        };
    }

    private QuickStep RemoveAddress(PlannedStep planned)
    {
        QuickStep step = _interface.RemoveAddress(planned.Address);
        return planned.Followers.Count == 0 ? step : step with
        {
            Undo = () =>
            {
                // The first of a network is the one that the kernel's route names, and it is first by age.
                step.Undo!();
                foreach (QuickAddress follower in planned.Followers)
                {
                    QuickStep again = _interface.AddAddress(follower);
                    again.Undo!();
                    again.Action();
                }
            },
        };
    }

    private QuickStep Set(DeviceChange change, DeviceChange inverse, string remedy) => new(
        WgSetWords.Of(_name, change, Device.Outcome), remedy, () => _control.Set(_name, change))
    {
        UndoWords = WgSetWords.Of(_name, inverse, null),
        Undo = () => _control.Set(_name, inverse),
    };

    private QuickStep Configure()
    {
        NameReload names = _comparison.Names;
        DeviceChange change = Device.Configuring(Wanted.Mark);
        QuickStep step = Set(change, Device.Restoring(Wanted.Mark), "Another program may have that port: see `ss -lunp'.");
        return step with
        {
            Words = ConfigDiff.IsEmpty(change) ? WgSetWords.Of(_name, names.Wanted, Device.Outcome) : step.Words,
            Action = () =>
            {
                step.Action();
                SetNames(names.Wanted);
            },
            Undo = () =>
            {
                step.Undo!();
                SetNames(names.Before);
            },
        };
    }

    /// <summary>Stock daemons refuse names, and have their addresses already.</summary>
    private void SetNames(DeviceChange names) => _ = names.Peers.Count == 0 || _control.TrySetNames(_name, names);

    private QuickStep SetFirewall(bool isV6, FirewallState rules, FirewallState? before)
    {
        QuickFirewall firewall = _comparison.Firewall;
        return new QuickStep(
            firewall.AddWords(isV6),
            "It takes nftables, or iptables with its addrtype and connmark matches; Table = off does without.",
            () => Put(rules, before is not null))
        {
            UndoWords = before is null ? firewall.RemoveWords(isV6) : firewall.AddWords(isV6),
            Undo = before is null ? () => firewall.Remove(isV6) : () => Put(before, true),
        };

        void Put(FirewallState state, bool isThere)
        {
            if (isThere)
            {
                firewall.Replace(isV6, state.Mark, state.Addresses);
            }
            else
            {
                firewall.Add(isV6, state.Mark, state.Addresses);
            }
        }
    }

    /// <summary>Tells the resolver. What it knew before that is not known is not brought back.</summary>
    private QuickStep SetNameServers(QuickNameServers names)
    {
        QuickDns dns = Dns(names);
        QuickNameServers? before = _comparison.Running.NameServers;
        QuickDns? old = before is { IsNone: false } known ? Dns(known) : null;
        return new QuickStep(
            dns.SetWords, "Install openresolv or resolvconf, run systemd-resolved, or take the DNS line out of the file.", dns.Set)
        {
            UndoWords = old?.SetWords ?? dns.UnsetWords,
            Undo = old is not null ? old.Set : before is not null ? dns.Unset : null,
        };
    }

    private QuickStep UnsetNameServers()
    {
        QuickDns dns = Dns(_comparison.Running.NameServers!.Value);
        return new QuickStep(dns.UnsetWords, "", dns.Unset) { UndoWords = dns.SetWords, Undo = dns.Set };
    }

    private QuickDns Dns(QuickNameServers names) => new(_comparison.Programs, _name, names);

    private static QuickStep Reverse(QuickStep step) =>
        new(step.UndoWords!, "", step.Undo!) { UndoWords = step.Words, Undo = step.Action };
}
