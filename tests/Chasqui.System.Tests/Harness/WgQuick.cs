using IOFile = global::System.IO.File;

namespace Chasqui.System.Tests.Harness;

/// <summary>The stock <c>wg-quick</c>, or ours, with a configuration file of its own, told which daemon to start.</summary>
internal sealed class WgQuick : IDisposable
{
    private const string StateFolder = "/run/chasqui";

    private readonly NetworkNamespace _network;
    private readonly Dictionary<string, string> _environment;
    private readonly KeyValuePair<string, string> _mark = Daemon.NewMark();
    private readonly string _folder;
    private readonly string _file;
    private readonly IReadOnlyList<string> _program;

    public WgQuick(Implementation implementation, NetworkNamespace network)
        : this(implementation, network, ["wg-quick"])
    {
    }

    public WgQuick(Implementation implementation, NetworkNamespace network, IReadOnlyList<string> program)
    {
        _network = network;
        _program = program;
        Interface = Daemon.NewInterfaceName();
        _folder = Directory.CreateTempSubdirectory("chq-").FullName;
        _file = Path.Combine(_folder, $"{Interface}.conf");
        DaemonPath = Programs.PathOf(implementation);
        SearchPath = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        WriteResolvconf();
        _environment = new Dictionary<string, string>
        {
            ["WG_QUICK_USERSPACE_IMPLEMENTATION"] = DaemonPath,
            ["PATH"] = SearchPath,
            [_mark.Key] = _mark.Value,
        };
        Cleanup.Add(this);
    }

    public string Interface { get; }

    /// <summary>The configuration file.</summary>
    public string File => _file;

    /// <summary>The daemon that is started.</summary>
    public string DaemonPath { get; }

    /// <summary>The folders of programs; first one with a <c>resolvconf</c> that only writes down its calls.</summary>
    public string SearchPath { get; }

    /// <summary>The calls of <c>resolvconf</c>: arguments, and what they were given.</summary>
    public string DnsCalls => IOFile.Exists(DnsLog) ? IOFile.ReadAllText(DnsLog) : "";

    private string DnsLog => Path.Combine(_folder, "resolvconf.log");

    public void Up(string configuration)
    {
        Write(configuration);
        Run("up");
    }

    public void Down() => Run("down");

    /// <summary>The configuration without the lines that only <c>wg-quick</c> understands.</summary>
    public string Strip() => Run("strip").Output;

    public void Write(string configuration)
    {
        IOFile.WriteAllText(_file, configuration);
        IOFile.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>The daemons that <c>wg-quick</c> has left running.</summary>
    public int[] ProcessIds() => [.. ProcessTable.WithEnvironment($"{_mark.Key}={_mark.Value}").Where(ProcessTable.IsRunning)];

    public void Dispose()
    {
        if (!Directory.Exists(_folder))
        {
            return;
        }

        Daemon.KillMarked(_mark);
        IOFile.Delete(Daemon.SocketPathOf(Interface));
        foreach (var file in Directory.Exists(StateFolder) ? Directory.GetFiles(StateFolder, $"{Interface}.*") : [])
        {
            IOFile.Delete(file); // what a reload that was ended half way leaves there
        }
        Directory.Delete(_folder, recursive: true);
        Cleanup.Remove(this);
    }

    /// <summary>Runs a verb, whose failure is left to the caller.</summary>
    public CommandResult Try(string verb) => _network.Try([.. _program, verb, _file], _environment);

    /// <summary>Runs a verb with words after the file.</summary>
    public CommandResult Try(string verb, params ReadOnlySpan<string> words) => _network.Try([.. _program, verb, _file, .. words], _environment);

    /// <summary>Runs the program with any words.</summary>
    public CommandResult TryWords(IEnumerable<string> words) => _network.Try([.. _program, .. words], _environment);

    /// <summary>The command line of a verb and its environment, to be started in some other way.</summary>
    public (string[] Command, IReadOnlyDictionary<string, string> Environment) Prepare(string verb, params ReadOnlySpan<string> words) =>
        (_network.Entering([.. _program, verb, _file, .. words]), _environment);

    private CommandResult Run(string verb) => Command.Succeed(Try(verb));

    private void WriteResolvconf()
    {
        string path = Path.Combine(_folder, "resolvconf");
        IOFile.WriteAllText(path, $"#!/bin/sh\necho \"$*\" >>{DnsLog}\ncase $1 in -a) cat >>{DnsLog};; esac\n");
        IOFile.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
