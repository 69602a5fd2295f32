namespace Chasqui.Compare.Contenders;

/// <summary>A daemon that is used as wireguard-go is: Chasqui, wireguard-go, and whatever else takes an interface's name.</summary>
/// <param name="name">The contender's name.</param>
/// <param name="program">The daemon's path; null if there is none.</param>
/// <param name="note">What differs from the others.</param>
internal sealed class UserspaceWireGuard(string name, string? program, string note) : IContender
{
    private const string Sockets = "/var/run/wireguard";
    private const int Port = 51820;

    private readonly List<int> _pids = [];
    private string? _version;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Version => _version ??= Programs.Version(program!);

    /// <inheritdoc/>
    public string Note => $"{note}; MTU {Lab.InnerMtu}";

    /// <inheritdoc/>
    public string? WhyAbsent =>
        program is null ? $"there is no {name} here"
        : Programs.Find("wg") is null ? "the tool wg, which configures it, is not installed"
        : !File.Exists("/dev/net/tun") ? "there is no /dev/net/tun"
        : null;

    /// <inheritdoc/>
    public void Start(Lab lab)
    {
        _pids.Clear();
        var keys = WireGuardKeys.Make(lab);
        RunningProgram[] daemons = [StartDaemon(lab, End.Left), StartDaemon(lab, End.Right)];
        foreach (End end in (End[])[End.Left, End.Right])
        {
            string socket = $"{Sockets}/{Lab.Interface(end)}.sock";
            Lab.WaitUntil(() => File.Exists(socket), $"{name}: the control socket", daemons[(int)end]);
            keys.Configure(lab, end, Port);
        }

        lab.WaitForPing();
    }

    /// <inheritdoc/>
    public IEnumerable<int> Daemons(Lab lab) => _pids;

    private RunningProgram StartDaemon(Lab lab, End end)
    {
        lab.DeleteAtEnd($"{Sockets}/{Lab.Interface(end)}.sock");
        RunningProgram daemon = lab.Start(end, "env", "LOG_LEVEL=error", program!, "-f", Lab.Interface(end));
        _pids.Add(daemon.Pid);
        return daemon;
    }
}
