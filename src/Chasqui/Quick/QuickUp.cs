using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Names;

namespace Chasqui.Quick;

/// <summary>Brings an interface up as <c>wg-quick up</c> does, in its order; whatever fails, nothing is left of it.</summary>
/// <remarks>Works in the calling thread's network namespace. Threads: one. Source: wg-quick(8).</remarks>
public sealed partial class QuickUp : IDisposable
{
    private static readonly TimeSpan DaemonPatience = TimeSpan.FromSeconds(5);

    // For all names together; then the daemon goes on by itself.
    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan DaemonPoll = TimeSpan.FromMilliseconds(20);

    private readonly QuickFile _file;
    private readonly QuickOptions _options;
    private readonly HostPrograms _programs;
    private readonly UapiClient _control = new();
    private readonly Rtnetlink _rtnetlink;
    private readonly QuickTransaction _steps;
    private readonly QuickFirewall _firewall;
    private readonly string _name;
    private readonly QuickTable _table;
    private readonly InterfaceSteps _interface;

    private QuickUp(QuickFile file, QuickOptions options)
    {
        _file = file;
        _options = options;
        _name = file.InterfaceName;
        _table = QuickTable.Read(file.Conf, file.Path);
        _programs = new HostPrograms(options.SearchPath);
        _firewall = new QuickFirewall(_programs, _name);
        _steps = new QuickTransaction(options.Log, BeforeStep);
        _rtnetlink = Rtnetlink.Open();
        _interface = new InterfaceSteps(_rtnetlink, _name);
    }

    /// <summary>Brings the interface of a file up.</summary>
    /// <exception cref="QuickException">A step failed, and what was done before it is undone; or nothing was done at all.</exception>
    /// <exception cref="ConfigException">A value in the file is wrong. Nothing was done.</exception>
    public static void Run(QuickFile file, QuickOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        file.CheckHooks();
        file.CheckNameServers();
        using WgConf device = ReadDevice(file, options);
        using var up = new QuickUp(file, options);
        up.Run(device);
    }

    /// <inheritdoc/>
    public void Dispose() => _rtnetlink.Dispose();

    /// <summary>Reads what a file says to <c>wg</c>; names are not resolved.</summary>
    /// <exception cref="ConfigException">A value is wrong.</exception>
    internal static WgConf ReadDevice(QuickFile file, QuickOptions options) => WgConf.Parse(file.Conf.StripInPlace(), new WgConfOptions
    {
        File = file.Path,
        Services = EndpointLookup.FindPort,
        Warn = warning => options.Log.WriteLine($"Warning: {warning.Reason}"),
        ResolutionRetries = options.ResolutionRetries,
    });

    private void Run(WgConf device)
    {
        if (_rtnetlink.TryGetLink(_name, out _))
        {
            throw new QuickException($"`{_name}' already exists. Run `chasqui down {_name}' first, or `chasqui reload {_name}' to bring it to what its file says");
        }

        StartDaemon();
        RunHooks(_file.Conf.PreUp);
        Configure(device);
        foreach (QuickAddress address in _file.Addresses)
        {
            Do(_interface.AddAddress(address));
        }

        SetMtuAndUp();
        SetDns();
        AddRoutes();
        RunHooks(_file.Conf.PostUp);
        QuickNote.Of(_file, device, _interface.Index).Write(_options.StateFolder, _name, _options.Log);
    }

    private void BeforeStep(string words)
    {
        _options.Cancellation.ThrowIfCancellationRequested();
        _options.BeforeStep?.Invoke(words);
    }

    private void StartDaemon()
    {
        string[] arguments = [.. _options.DaemonArguments, _name];
        _steps.Do(
            $"{Path.GetFileName(_options.Daemon)} {string.Join(' ', arguments)}",
            "WG_QUICK_USERSPACE_IMPLEMENTATION names the daemon to start, if it is another than ours.",
            () =>
            {
                try
                {
                    _programs.Run(_options.Daemon, arguments, input: null);
                    WaitForDaemon();
                }
                catch
                {
                    // A daemon that failed half way may have left its interface.
                    DeleteLink(_rtnetlink, _name);
                    throw;
                }
            },
            $"ip link delete dev {_name}",
            () => DeleteLink(_rtnetlink, _name));
    }

    /// <summary>Waits until the daemon answers: ours does when it returns, others may not.</summary>
    private void WaitForDaemon()
    {
        long deadline = Environment.TickCount64 + (long)DaemonPatience.TotalMilliseconds;
        while (true)
        {
            try
            {
                _control.Get(_name).Dispose();
                break;
            }
            catch (LinuxException) when (Environment.TickCount64 < deadline)
            {
                Thread.Sleep(DaemonPoll);
            }
        }

        _interface.Index = _rtnetlink.TryGetLink(_name, out LinkInfo link)
            ? link.Index
            : throw new QuickException($"the daemon answers, and there is no interface `{_name}'");
    }

    /// <summary>Deletes the interface, if there is one, and waits until its daemon has gone: the next one may come at once.</summary>
    internal static void DeleteLink(Rtnetlink rtnetlink, string name)
    {
        if (!rtnetlink.TryGetLink(name, out LinkInfo link))
        {
            return;
        }

        rtnetlink.DeleteLink(link.Index);
        long deadline = Environment.TickCount64 + (long)DaemonPatience.TotalMilliseconds;
        while (File.Exists(UapiServer.PathOf(name)) && Environment.TickCount64 < deadline)
        {
            Thread.Sleep(DaemonPoll);
        }
    }

    private void RunHooks(IReadOnlyList<QuickValue> hooks)
    {
        foreach (QuickValue hook in hooks)
        {
            string command = QuickHooks.Expand(hook, _name);
            _steps.Do(command, $"It is in {_file.Path}:{hook.Line}.", () => QuickHooks.Run(_programs, command));
        }
    }

    private void Configure(WgConf device) => _steps.Do(
        $"wg addconf {_name} <(wg-quick strip {_name})",
        "",
        () =>
        {
            long deadline = Environment.TickCount64 + (long)NamePatience.TotalMilliseconds;
            IReadOnlyList<WgConfPeer> missing = device.ResolveEndpoints(endpoint =>
                EndpointLookup.ResolveWithin(endpoint, TimeSpan.FromMilliseconds(deadline - Environment.TickCount64)));
            _control.Set(_name, device.ToAddChange());
            DeviceChange? names = device.ToNameChange(EndpointLookup.FindPort);
            if (names is null || !_control.TrySetNames(_name, names))
            {
                SetMissingEndpoints(device, missing);
                return;
            }

            foreach (WgConfPeer peer in missing)
            {
                _options.Log.WriteLine($"[!] the endpoint {peer.Endpoint} does not resolve yet: the daemon goes on trying");
            }
        });

    /// <summary>As patient as stock, for a daemon that does not resolve names by itself.</summary>
    private void SetMissingEndpoints(WgConf device, IReadOnlyList<WgConfPeer> missing)
    {
        if (missing.Count == 0)
        {
            return;
        }

        IReadOnlyList<WgConfPeer> lost = device.ResolveEndpoints(
            new EndpointLookup(_options.Log, EndpointRetries.Parse(_options.ResolutionRetries), Pause).Resolve);
        foreach (WgConfPeer peer in lost)
        {
            _options.Log.WriteLine(
                $"[!] the endpoint {ConfigException.Quote(peer.Endpoint?.Text)} does not resolve: this peer must speak first, "
                + $"or give it one later with `wg set {_name} peer {peer.PublicKey} endpoint HOST:PORT'");
        }

        List<PeerChange> found = [];
        foreach (WgConfPeer peer in missing)
        {
            if (peer.ResolvedEndpoint is { } address)
            {
                found.Add(new PeerChange { PublicKey = peer.PublicKey, Endpoint = address });
            }
        }

        if (found.Count > 0)
        {
            _control.Set(_name, new DeviceChange { Peers = found });
        }
    }

    private void Pause(TimeSpan wait)
    {
        if (_options.Cancellation.WaitHandle.WaitOne(wait))
        {
            throw new OperationCanceledException(_options.Cancellation);
        }
    }

    private void SetMtuAndUp()
    {
        int mtu = _file.Mtu ?? _steps.Ask($"wg show {_name} endpoints", () =>
        {
            using DeviceSnapshot device = _control.Get(_name);
            return AutomaticMtu.Find(_rtnetlink, device.Peers.Select(static peer => peer.Endpoint), mark: 0, _interface.Index);
        });
        Do(_interface.SetMtuAndUp(mtu));
    }

    private void SetDns()
    {
        var dns = new QuickDns(_programs, _name, QuickNameServers.Of(_file.Conf));
        if (dns.IsWanted)
        {
            _steps.Do(
                dns.SetWords,
                "Install openresolv or resolvconf, run systemd-resolved, or take the DNS line out of the file.",
                dns.Set,
                dns.UnsetWords,
                dns.Unset);
        }
    }

    private void AddRoutes()
    {
        if (_table.IsOff)
        {
            return;
        }

        List<IpPrefix> prefixes = _steps.Ask($"wg show {_name} allowed-ips", () =>
        {
            using DeviceSnapshot device = _control.Get(_name);
            return QuickRouting.Order(device.Peers.SelectMany(static peer => peer.AllowedIps));
        });
        foreach (IpPrefix prefix in prefixes)
        {
            AddRoute(prefix);
        }
    }

    private void AddRoute(IpPrefix prefix)
    {
        if (!_table.IsAuto)
        {
            Do(_interface.AddRoute(prefix, _table.Number, $" table {_table.Text}"));
        }
        else if (prefix.Length == 0)
        {
            AddDefaultRoute(prefix);
        }
        else if (!_steps.Ask($"ip route show dev {_name} match {prefix}", () => _interface.IsCovered(prefix)))
        {
            Do(_interface.AddRoute(prefix, 0, ""));
        }
    }

    /// <summary>Does a step that goes with the interface when that is deleted.</summary>
    private void Do(QuickStep step) => _steps.Do(step with { Undo = null });
}
