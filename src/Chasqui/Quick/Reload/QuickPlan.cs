using Chasqui.Core.Config;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>The steps from an interface as it is to what its file wants.</summary>
/// <remarks>
/// Pure. What is new comes before what is old goes, so that nothing is cut off that both states have; what cannot be brought back, the
/// sessions of peers that go, goes last. Steps that are undone in reverse lead back exactly.
/// </remarks>
internal sealed class QuickPlan
{
    private readonly List<PlannedStep> _steps = [];
    private readonly RunningState _running;
    private readonly WantedState _wanted;

    private QuickPlan(RunningState running, WantedState wanted)
    {
        _running = running;
        _wanted = wanted;
        NewAddresses = [.. wanted.Addresses.Except(running.Addresses)];
        OldAddresses = [.. running.Addresses.Except(wanted.Addresses)];
        NewRoutes = [.. wanted.Routes.Where(route => !running.Routes.Contains(route))];
        OldRoutes = [.. running.OwnRoutes.Except(wanted.Routes)];
    }

    /// <summary>Addresses to come.</summary>
    internal IReadOnlyList<QuickAddress> NewAddresses { get; }

    /// <summary>Addresses to go.</summary>
    internal IReadOnlyList<QuickAddress> OldAddresses { get; }

    /// <summary>Routes to come.</summary>
    internal IReadOnlyList<QuickRoute> NewRoutes { get; }

    /// <summary>Routes to go.</summary>
    internal IReadOnlyList<QuickRoute> OldRoutes { get; }

    /// <summary>The steps in order; none if all is as it should be.</summary>
    internal IReadOnlyList<PlannedStep> Steps => _steps;

    /// <summary>Whether the kernel drops every IPv4 route of the interface, because its last IPv4 address goes.</summary>
    private bool LosesV4 => _running.Addresses.Any(IsV4) && !_wanted.Addresses.Any(IsV4);

    /// <summary>Makes a plan.</summary>
    /// <param name="running">The interface as it is.</param>
    /// <param name="wanted">As it should be.</param>
    /// <param name="configures">Whether there is anything to set through the control socket.</param>
    /// <param name="removes">Whether there is anything to take away through it.</param>
    internal static QuickPlan Of(RunningState running, WantedState wanted, bool configures, bool removes)
    {
        var plan = new QuickPlan(running, wanted);
        plan.Build(configures, removes);
        return plan;
    }

    private static bool IsV4(QuickAddress address) => address.Address.IsV4;

    private void Build(bool configures, bool removes)
    {
        AddIf(configures, PlannedStepKind.Configure);
        AddIf(_wanted.Mtu > _running.Mtu || !_running.IsUp, PlannedStepKind.SetMtu);
        bool promotes = MustPromote();
        AddIf(promotes, PlannedStepKind.PromoteSecondaries);
        AddAddresses();
        AddRules(isV6: false);
        AddRules(isV6: true);
        AddRoutes(isLate: false);
        AddIf(_wanted.HasDetour4 && _running.SourceMark != "1", PlannedStepKind.AllowSourceMark);
        RemoveAddresses();
        AddIf(promotes, PlannedStepKind.DemoteSecondaries);
        AddRoutes(isLate: true);
        RemoveRules(isV6: false);
        RemoveRules(isV6: true);
        AddEach(OldRoutes.Where(route => !IsDropped(route)), static route => new PlannedStep(PlannedStepKind.RemoveRoute) { Route = route });
        AddIf(_wanted.Mtu < _running.Mtu && _running.IsUp, PlannedStepKind.SetMtu);
        SetFirewall(isV6: false);
        SetFirewall(isV6: true);
        SetNameServers();
        AddIf(removes, PlannedStepKind.Remove);
    }

    private void AddIf(bool isNeeded, PlannedStepKind kind)
    {
        if (isNeeded)
        {
            _steps.Add(new PlannedStep(kind));
        }
    }

    private void AddEach<T>(IEnumerable<T> items, Func<T, PlannedStep> step) => _steps.AddRange(items.Select(step));

    /// <summary>Whether an address goes that others of its network hang on, which are to stay.</summary>
    private bool MustPromote() => !_running.PromotesSecondaries && OldAddresses.Where(IsV4).Any(old =>
        _running.Addresses.First(address => IsSameNetwork(address, old)) == old
        && _wanted.Addresses.Any(address => IsSameNetwork(address, old)));

    private void AddAddresses()
    {
        bool isFirst = !_running.Addresses.Any(IsV4);
        foreach (QuickAddress address in NewAddresses)
        {
            _steps.Add(new PlannedStep(PlannedStepKind.AddAddress) { Address = address, IsFirstOfV4 = isFirst && IsV4(address) });
            isFirst &= !IsV4(address);
        }
    }

    private static bool IsSameNetwork(QuickAddress left, QuickAddress right) => left.Prefix == right.Prefix;

    private void AddRules(bool isV6)
    {
        if (!_wanted.HasDetour(isV6))
        {
            return;
        }

        Detour running = _running.DetourOf(isV6);
        if (running.IntoTable?.Table != _wanted.Mark)
        {
            // In the place of the one that goes, so that neither comes before the rule that hides the main table's default route.
            RuleInfo rule = QuickRouting.IntoTable(isV6, _wanted.Mark) with { Priority = running.IntoTable?.Priority ?? 0 };
            _steps.Add(new PlannedStep(PlannedStepKind.AddRule) { Rule = rule });
        }

        if (running.HidingDefault is null)
        {
            _steps.Add(new PlannedStep(PlannedStepKind.AddRule) { Rule = QuickRouting.HidingDefault(isV6) });
        }
    }

    private void RemoveRules(bool isV6)
    {
        Detour running = _running.DetourOf(isV6);
        if (running.IntoTable is { } into && (!_wanted.HasDetour(isV6) || into.Table != _wanted.Mark))
        {
            _steps.Add(new PlannedStep(PlannedStepKind.RemoveRule) { Rule = into });
        }

        if (running.HidingDefault is { } hiding && !_wanted.HasDetour(isV6))
        {
            _steps.Add(new PlannedStep(PlannedStepKind.RemoveRule) { Rule = hiding });
        }
    }

    /// <summary>Adds routes, those late whose place an address that goes takes, or that the kernel would drop with it.</summary>
    private void AddRoutes(bool isLate)
    {
        IEnumerable<QuickRoute> routes = LosesV4 && isLate
            ? _wanted.Routes.Where(route => route.Prefix.Address.IsV4 || NewRoutes.Contains(route))
            : NewRoutes;
        AddEach(
            routes.Where(route => IsLate(route) == isLate),
            static route => new PlannedStep(PlannedStepKind.AddRoute) { Route = route });
        if (isLate && LosesV4)
        {
            // No router can be reached any more.
            AddEach(
                _running.OtherRoutes.Where(route => route.Gateway is null && !(QuickRoute.Of(route) is { } plain && _wanted.Routes.Contains(plain))),
                static route => new PlannedStep(PlannedStepKind.ReturnRoute) { OtherRoute = route });
        }
    }

    private bool IsLate(QuickRoute route) => route.Prefix.Address.IsV4
        && (LosesV4 || (route.Table == RouteInfo.MainTable && OldAddresses.Any(address => RunningState.ConnectedBy(address) == route.Prefix)));

    private bool IsDropped(QuickRoute route) => LosesV4 && route.Prefix.Address.IsV4;

    private void RemoveAddresses()
    {
        if (LosesV4)
        {
            // Taken away by name, so that undoing brings them back.
            AddEach(_running.OwnRoutes.Where(IsDropped), static route => new PlannedStep(PlannedStepKind.RemoveRoute) { Route = route });
            AddEach(_running.OtherRoutes, static route => new PlannedStep(PlannedStepKind.ParkRoute) { OtherRoute = route });
        }

        AddEach(OldAddresses, address => new PlannedStep(PlannedStepKind.RemoveAddress) { Address = address, Followers = FollowersOf(address) });
    }

    private QuickAddress[] FollowersOf(QuickAddress old) => IsV4(old)
        ?
        [
            .. _running.Addresses.SkipWhile(address => address != old).Skip(1)
                .Where(address => IsSameNetwork(address, old) && !OldAddresses.Contains(address)),
        ]
        : [];

    private void SetFirewall(bool isV6)
    {
        FirewallState? running = _running.DetourOf(isV6).Firewall;
        if (!_wanted.HasDetour(isV6))
        {
            if (running is not null)
            {
                _steps.Add(new PlannedStep(PlannedStepKind.RemoveFirewall) { IsV6 = isV6, OldFirewall = running });
            }

            return;
        }

        string[] given = [.. Protected(_wanted.Addresses, isV6)], made = [.. Protected(_running.LinkLocal, isV6)];
        FirewallState? rest = running is null ? null : running with { Addresses = [.. running.Addresses.Except(made)] };
        if (!new FirewallState(_wanted.Mark, given).IsSame(rest))
        {
            _steps.Add(new PlannedStep(PlannedStepKind.SetFirewall)
            {
                IsV6 = isV6,
                Firewall = new FirewallState(_wanted.Mark, [.. given, .. made]),
                OldFirewall = running,
            });
        }
    }

    private static IEnumerable<string> Protected(IEnumerable<QuickAddress> addresses, bool isV6) =>
        addresses.Where(address => address.Address.IsV6 == isV6).Select(static address => address.Address.ToString());

    private void SetNameServers()
    {
        if (_wanted.NameServers.IsNone)
        {
            AddIf(_running.NameServers is { IsNone: false }, PlannedStepKind.UnsetNameServers);
        }
        else
        {
            AddIf(_running.NameServers != _wanted.NameServers, PlannedStepKind.SetNameServers);
        }
    }
}
