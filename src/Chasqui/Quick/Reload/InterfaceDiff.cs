using System.Globalization;
using Chasqui.Core.Config;

namespace Chasqui.Quick.Reload;

/// <summary>The differences of the interface itself.</summary>
internal sealed class InterfaceDiff
{
    private readonly QuickComparison _comparison;
    private readonly DiffText _text;

    internal InterfaceDiff(QuickComparison comparison, DiffText text)
    {
        _comparison = comparison;
        _text = text;
    }

    internal void Write()
    {
        RunningState running = _comparison.Running;
        WantedState wanted = _comparison.Wanted;
        QuickPlan plan = _comparison.Plan;
        _text.Begin("[Interface]");
        WriteDevice();
        _text.Change(ConfKeys.Address, plan.OldAddresses, plan.NewAddresses);
        if (running.Mtu != wanted.Mtu)
        {
            string automatic = _comparison.File.Mtu is null ? " # automatic" : "";
            _text.Change(ConfKeys.Mtu, Text(running.Mtu), Text(wanted.Mtu) + automatic);
        }

        WriteNameServers(running.NameServers, wanted.NameServers);
        WriteRouting(plan);
        if (!running.IsUp)
        {
            _text.ChangeBeyondFile('-', "the link is down");
        }

        if (_comparison.HasOtherHooks)
        {
            _text.Note("PreUp and PostUp are others than at the last up");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Mark(uint mark) => mark == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"0x{mark:x}");

    private void WriteDevice()
    {
        DeviceReload device = _comparison.Device;
        if (device.ChangesPrivateKey)
        {
            _text.Change(ConfKeys.PrivateKey, device.Running.PrivateKey is { IsZero: false } ? DiffText.Secret : null, DiffText.Secret);
        }

        if (device.ListenPort is { } port)
        {
            _text.Change(ConfKeys.ListenPort, device.Running.ListenPort == 0 ? null : Text(device.Running.ListenPort), Text(port));
        }

        if (device.Running.FwMark != _comparison.Wanted.Mark)
        {
            _text.Change(ConfKeys.FwMark, Mark(device.Running.FwMark), Mark(_comparison.Wanted.Mark));
        }
    }

    private void WriteNameServers(QuickNameServers? running, QuickNameServers wanted)
    {
        if (running is null && !wanted.IsNone)
        {
            _text.Note($"DNS = {wanted} is not known to be set: chasqui did not bring this interface up");
        }
        else if (running is { } known && known != wanted)
        {
            _text.Change(ConfKeys.Dns, known.IsNone ? null : known.ToString(), wanted.IsNone ? null : wanted.ToString());
        }
    }

    private void WriteRouting(QuickPlan plan)
    {
        foreach (QuickRoute route in plan.OldRoutes)
        {
            _text.ChangeBeyondFile('-', $"route {route}");
        }

        foreach (QuickRoute route in plan.NewRoutes)
        {
            _text.ChangeBeyondFile('+', $"route {route}");
        }

        foreach (PlannedStep step in plan.Steps)
        {
            (char Sign, string Words)? line = step.Kind switch
            {
                PlannedStepKind.AddRule => ('+', $"rule {(step.Rule.IsV6 ? "-6" : "-4")} {step.Rule}"),
                PlannedStepKind.RemoveRule => ('-', $"rule {(step.Rule.IsV6 ? "-6" : "-4")} {step.Rule}"),
                PlannedStepKind.SetFirewall => ('+', $"packet filter for {Protected(step.Firewall!)}"),
                PlannedStepKind.RemoveFirewall => ('-', $"packet filter for {Protected(step.OldFirewall!)}"),
                PlannedStepKind.AllowSourceMark => ('+', "sysctl net.ipv4.conf.all.src_valid_mark=1"),
                _ => null,
            };
            if (line is { } found)
            {
                _text.ChangeBeyondFile(found.Sign, found.Words);
            }
        }
    }

    private static string Protected(FirewallState state) =>
        string.Create(CultureInfo.InvariantCulture, $"mark {state.Mark}, {string.Join(", ", state.Addresses)}");
}
