using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;
using Chasqui.Quick;
using Chasqui.Quick.Reload;

namespace Chasqui.Tests.Quick.Reload;

public sealed class QuickPlanTests
{
    private static readonly RuleInfo Into = QuickRouting.IntoTable(isV6: false, 51820) with { Priority = 32765 };
    private static readonly RuleInfo Hiding = QuickRouting.HidingDefault(isV6: false) with { Priority = 32764 };

    private static readonly RunningState Running = new() { Mtu = 1420, Addresses = [Address("10.8.0.2/24")], FreeTable = 51820 };

    private static readonly WantedState Wanted = new() { Mtu = 1420, Addresses = [Address("10.8.0.2/24")] };

    [Fact]
    public void HasNoStepsWhereNothingDiffers() => Assert.Empty(Kinds(Running, Wanted));

    [Fact]
    public void WhatIsNewComesBeforeWhatIsOldGoes()
    {
        RunningState running = WithRoutes(Running, Route("10.5.0.0/16"));
        WantedState wanted = Wanted with { Addresses = [Address("10.9.0.2/24")], Routes = [Route("10.6.0.0/16")] };

        Assert.Equal(
            [
                PlannedStepKind.Configure, PlannedStepKind.AddAddress, PlannedStepKind.AddRoute, PlannedStepKind.RemoveAddress,
                PlannedStepKind.RemoveRoute, PlannedStepKind.Remove,
            ],
            QuickPlan.Of(running, wanted, configures: true, removes: true).Steps.Select(static step => step.Kind));
    }

    [Fact]
    public void AnAddressOfTheSameNetworkOutlivesTheFirst()
    {
        WantedState wanted = Wanted with { Addresses = [Address("10.8.0.3/24")] };

        Assert.Equal(
            [PlannedStepKind.PromoteSecondaries, PlannedStepKind.AddAddress, PlannedStepKind.RemoveAddress, PlannedStepKind.DemoteSecondaries],
            Kinds(Running, wanted));
        Assert.Equal([PlannedStepKind.AddAddress, PlannedStepKind.RemoveAddress], Kinds(Running with { PromotesSecondaries = true }, wanted));
    }

    [Fact]
    public void ASecondAddressGoesByItself()
    {
        RunningState running = Running with { Addresses = [Address("10.8.0.2/24"), Address("10.8.0.3/24")] };

        Assert.Equal([PlannedStepKind.RemoveAddress], Kinds(running, Wanted));
    }

    [Fact]
    public void ARouteWhosePlaceIsTakenComesAfterTheAddressGoes()
    {
        WantedState wanted = Wanted with { Addresses = [Address("10.9.0.2/24")], Routes = [Route("10.8.0.0/24")] };

        Assert.Equal([PlannedStepKind.AddAddress, PlannedStepKind.RemoveAddress, PlannedStepKind.AddRoute], Kinds(Running, wanted));
    }

    [Fact]
    public void RoutesThatGoWithTheLastAddressComeBack()
    {
        RunningState running = WithRoutes(Running, Route("10.5.0.0/16"), Route("10.6.0.0/16"));
        WantedState wanted = Wanted with { Addresses = [], Routes = [Route("10.5.0.0/16")] };

        IReadOnlyList<PlannedStep> steps = QuickPlan.Of(running, wanted, false, false).Steps;

        Assert.Equal(
            [PlannedStepKind.RemoveRoute, PlannedStepKind.RemoveRoute, PlannedStepKind.RemoveAddress, PlannedStepKind.AddRoute],
            steps.Select(static step => step.Kind));
        Assert.Equal(Route("10.5.0.0/16"), steps[^1].Route);
    }

    [Theory]
    [InlineData(1300, 1420, PlannedStepKind.SetMtu, PlannedStepKind.AddAddress, PlannedStepKind.RemoveAddress)]
    [InlineData(1420, 1300, PlannedStepKind.AddAddress, PlannedStepKind.RemoveAddress, PlannedStepKind.SetMtu)]
    internal void TheMtuGrowsFirstAndShrinksLast(int before, int after, params PlannedStepKind[] kinds) => Assert.Equal(
        kinds, Kinds(Running with { Mtu = before }, Wanted with { Mtu = after, Addresses = [Address("10.9.0.2/24")] }));

    [Fact]
    public void ALinkThatIsDownComesUpFirst() =>
        Assert.Equal([PlannedStepKind.SetMtu, PlannedStepKind.AddRoute], Kinds(Running with { IsUp = false }, Wanted with { Routes = [Route("10.5.0.0/16")] }));

    [Fact]
    public void ADefaultRouteComesWithItsRulesAndFilter()
    {
        WantedState wanted = Wanted with { Mark = 51820, HasDetour4 = true, Routes = [Route("0.0.0.0/0", 51820)] };

        IReadOnlyList<PlannedStep> steps = QuickPlan.Of(Running with { SourceMark = "0" }, wanted, true, false).Steps;

        Assert.Equal(
            [
                PlannedStepKind.Configure, PlannedStepKind.AddRule, PlannedStepKind.AddRule, PlannedStepKind.AddRoute,
                PlannedStepKind.AllowSourceMark, PlannedStepKind.SetFirewall,
            ],
            steps.Select(static step => step.Kind));
        Assert.Equal("not fwmark 51820 table 51820", steps[1].Rule.ToString());
        Assert.Equal(["10.8.0.2"], steps[^1].Firewall!.Addresses);
    }

    [Fact]
    public void AndGoesWithThem()
    {
        RunningState running = WithDetour();

        Assert.Equal(
            [PlannedStepKind.RemoveRule, PlannedStepKind.RemoveRule, PlannedStepKind.RemoveRoute, PlannedStepKind.RemoveFirewall, PlannedStepKind.Remove],
            QuickPlan.Of(running, Wanted, configures: false, removes: true).Steps.Select(static step => step.Kind));
    }

    [Fact]
    public void AnotherMarkTakesThePlaceOfTheOld()
    {
        WantedState wanted = Wanted with { Mark = 7, HasDetour4 = true, Routes = [Route("0.0.0.0/0", 7)] };

        IReadOnlyList<PlannedStep> steps = QuickPlan.Of(WithDetour(), wanted, true, false).Steps;

        PlannedStep added = Assert.Single(steps, static step => step.Kind == PlannedStepKind.AddRule);
        Assert.Equal((7u, Into.Priority), (added.Rule.Table, added.Rule.Priority));
        Assert.Equal(Into, Assert.Single(steps, static step => step.Kind == PlannedStepKind.RemoveRule).Rule);
        Assert.Equal(7u, Assert.Single(steps, static step => step.Kind == PlannedStepKind.SetFirewall).Firewall!.Mark);
    }

    [Fact]
    public void AddressesThatTheKernelMadeDoNotMakeAnotherFilter()
    {
        RunningState running = WithDetour() with
        {
            LinkLocal = [Address("fe80::1/64")],
            Detour6 = new Detour(Into with { IsV6 = true }, Hiding with { IsV6 = true }, new FirewallState(51820, ["fe80::1"])),
        };
        WantedState wanted = Wanted with
        {
            Mark = 51820,
            HasDetour4 = true,
            HasDetour6 = true,
            Routes = [Route("0.0.0.0/0", 51820), Route("::/0", 51820)],
        };

        Assert.Equal([PlannedStepKind.AddRoute], Kinds(running, wanted));
    }

    [Fact]
    public void TheResolverIsToldWhenItIsNotKnownWhatItKnows()
    {
        WantedState wanted = Wanted with { NameServers = new QuickNameServers("10.8.0.1", "") };

        Assert.Equal([PlannedStepKind.SetNameServers], Kinds(Running, wanted));
        Assert.Empty(Kinds(Running with { NameServers = wanted.NameServers }, wanted));
        Assert.Equal([PlannedStepKind.UnsetNameServers], Kinds(Running with { NameServers = wanted.NameServers }, Wanted));
        Assert.Empty(Kinds(Running, Wanted));
    }

    private static IEnumerable<PlannedStepKind> Kinds(RunningState running, WantedState wanted) =>
        QuickPlan.Of(running, wanted, configures: false, removes: false).Steps.Select(static step => step.Kind);

    private static RunningState WithDetour() => WithRoutes(Running, Route("0.0.0.0/0", 51820)) with
    {
        Mark = 51820,
        Detour4 = new Detour(Into, Hiding, new FirewallState(51820, ["10.8.0.2"])),
    };

    private static RunningState WithRoutes(RunningState state, params QuickRoute[] routes) =>
        state with { Routes = routes.ToHashSet(), OwnRoutes = routes };

    private static QuickAddress Address(string text) =>
        QuickAddress.TryParse(text, out QuickAddress address) ? address : throw new ArgumentException(text);

    private static QuickRoute Route(string text, uint table = RouteInfo.MainTable) =>
        IpPrefix.TryParse(text, out IpPrefix prefix) ? new QuickRoute(prefix, table) : throw new ArgumentException(text);
}
