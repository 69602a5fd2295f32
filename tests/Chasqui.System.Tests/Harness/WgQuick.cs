namespace Chasqui.System.Tests.Harness;

/// <summary>The stock <c>wg-quick</c> with a configuration file of its own, told which daemon to start.</summary>
internal sealed class WgQuick : IDisposable
{
    private readonly NetworkNamespace _network;
    private readonly Dictionary<string, string> _environment;
    private readonly KeyValuePair<string, string> _mark = Daemon.NewMark();
    private readonly string _folder;
    private readonly string _file;

    public WgQuick(Implementation implementation, NetworkNamespace network)
    {
        _network = network;
        Interface = Daemon.NewInterfaceName();
        _folder = Directory.CreateTempSubdirectory("chq-").FullName;
        _file = Path.Combine(_folder, $"{Interface}.conf");
        _environment = new Dictionary<string, string>
        {
            ["WG_QUICK_USERSPACE_IMPLEMENTATION"] = Programs.PathOf(implementation),
            [_mark.Key] = _mark.Value,
        };
        Cleanup.Add(this);
    }

    public string Interface { get; }

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
        File.WriteAllText(_file, configuration);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
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
        File.Delete(Daemon.SocketPathOf(Interface));
        Directory.Delete(_folder, recursive: true);
        Cleanup.Remove(this);
    }

    private CommandResult Run(string verb) => Command.Succeed(_network.Try(["wg-quick", verb, _file], _environment));
}
