using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Quick.Reload;

namespace Chasqui.Quick;

/// <summary>Takes an interface down as <c>wg-quick down</c> does, in its order.</summary>
/// <remarks>Works in the calling thread's network namespace. Threads: one. Source: wg-quick(8).</remarks>
public sealed class QuickDown : IDisposable
{
    private readonly QuickFile _file;
    private readonly QuickOptions _options;
    private readonly HostPrograms _programs;
    private readonly Rtnetlink _rtnetlink = Rtnetlink.Open();
    private readonly string _name;

    private QuickDown(QuickFile file, QuickOptions options)
    {
        _file = file;
        _options = options;
        _name = file.InterfaceName;
        _programs = new HostPrograms(options.SearchPath);
    }

    /// <summary>Takes the interface of a file down.</summary>
    /// <exception cref="QuickException">It is not up; or a step failed, and the later ones are not done.</exception>
    public static void Run(QuickFile file, QuickOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        file.CheckHooks();
        using var down = new QuickDown(file, options);
        down.Run();
    }

    /// <inheritdoc/>
    public void Dispose() => _rtnetlink.Dispose();

    /// <summary>Reads the running interface.</summary>
    /// <exception cref="QuickException">It is not up.</exception>
    internal static DeviceSnapshot ReadRunning(string name)
    {
        try
        {
            return new UapiClient().Get(name);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EPROTONOSUPPORT or Errno.ENODEV or Errno.EOPNOTSUPP)
        {
            throw new QuickException($"`{name}' is not a WireGuard interface. `chasqui show interfaces' lists those that run", exception);
        }
    }

    private void Run()
    {
        uint mark;
        bool hasDefaultRoute;
        using (DeviceSnapshot device = ReadRunning(_name))
        {
            mark = device.FwMark;
            hasDefaultRoute = device.Peers.Any(static peer => peer.AllowedIps.Any(static prefix => prefix.Length == 0));
        }

        ConfirmListener.Overtake(_options.StateFolder, _name);
        RunHooks(_file.Conf.PreDown);
        if (_file.Conf.SaveConfig)
        {
            QuickSave.Run(_file, _options);
        }

        if (_file.Conf.Table is null && mark != 0 && hasDefaultRoute)
        {
            DeleteRules(mark, isV6: false);
            DeleteRules(mark, isV6: true);
        }

        Step($"ip link delete dev {_name}", () => QuickUp.DeleteLink(_rtnetlink, _name));
        QuickNote.Delete(_options.StateFolder, _name);
        var dns = new QuickDns(_programs, _name, QuickNameServers.Of(_file.Conf));
        if (dns.OutlivesLink)
        {
            TryStep(dns.UnsetWords, dns.Unset);
        }

        new QuickFirewall(_programs, _name).RemoveAll(TryStep);
        RunHooks(_file.Conf.PostDown);
    }

    /// <summary>Deletes the rules into the tunnel's table, and for each the rule before it that hides the main table's default route.</summary>
    private void DeleteRules(uint table, bool isV6)
    {
        string family = isV6 ? "-6" : "-4";
        IReadOnlyList<RuleInfo> rules = _rtnetlink.GetRules(isV6);
        foreach (RuleInfo rule in rules.Where(rule => rule.IsLookup && rule.Table == table))
        {
            Step($"ip {family} rule delete table {table}", () => _rtnetlink.DeleteRule(rule));
            RuleInfo? hiding = QuickRouting.FindHiding(rules, rule);
            if (hiding is { } found)
            {
                Step($"ip {family} rule delete table main suppress_prefixlength 0", () => _rtnetlink.DeleteRule(found));
            }
        }
    }

    private void RunHooks(IReadOnlyList<QuickValue> hooks)
    {
        foreach (QuickValue hook in hooks)
        {
            string command = QuickHooks.Expand(hook, _name);
            Step(command, () => QuickHooks.Run(_programs, command));
        }
    }

    private void Step(string words, Action action)
    {
        _options.Log.WriteLine($"[#] {words}");
        try
        {
            _options.BeforeStep?.Invoke(words);
            action();
        }
        catch (IOException exception)
        {
            throw new QuickException($"`{words}' failed: {exception.Message.TrimEnd('.')}. What comes after it is not done; run it by hand", exception);
        }
    }

    /// <summary>A step whose failure is told, and is no reason to leave the rest.</summary>
    private void TryStep(string words, Action action)
    {
        try
        {
            Step(words, action);
        }
        catch (QuickException exception)
        {
            _options.Log.WriteLine($"[!] {exception.Message}");
        }
    }
}
