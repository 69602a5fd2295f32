using Chasqui.Quick;
using Chasqui.Quick.Reload;

namespace Chasqui.System.Tests.Harness;

/// <summary>A namespace with a way out, and an interface that is brought up and reloaded from inside this process.</summary>
internal sealed class ReloadScene : IDisposable
{
    public const string PeerKey = "GtL7fZc/bLnqZldpVofMCD6hDjrK28SsdLxevJ+qtKU=";
    public const string OtherKey = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";
    public const string PrivateKey = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    public const string OtherPrivateKey = "6JR9DMHfFWHhJBmbHPxcgJA3CtjP9GmhFTSTgOPGFGE=";

    private readonly string _state = Directory.CreateTempSubdirectory("chq-run-").FullName;

    public ReloadScene()
    {
        Programs.Require(Implementation.Chasqui);
        Programs.RequireTool("nft");
        Network = NetworkNamespace.Create();
        Network.Ip("link add veth1 mtu 1480 type veth peer name veth2");
        Network.Ip("link set veth2 addrgenmode none up");
        Network.Ip("link set veth1 addrgenmode none up");
        Network.Ip("addr add 172.16.0.2/24 dev veth1");
        Network.Ip("route add default via 172.16.0.1 mtu 1460");
        Quick = new WgQuick(Implementation.Chasqui, Network, [Programs.PathOf(Implementation.Chasqui)]);
    }

    public NetworkNamespace Network { get; }

    public WgQuick Quick { get; }

    /// <summary>The folders of programs, if they are others than the system's.</summary>
    public string? SearchPath { get; init; }

    /// <summary>The note that is kept of the interface.</summary>
    public string NoteFile => $"{_state}/{Quick.Interface}.up";

    /// <summary>What the last call said.</summary>
    public string Log { get; private set; } = "";

    public string State => MachineState.Sorted(Network, Quick.Interface);

    /// <summary>A file of lines of the interface and the lines of two peers: those of the first begin with its allowed addresses.</summary>
    /// <param name="text">The three parts, between bars; the last may be missing.</param>
    public static string Conf(string text)
    {
        string[] parts = text.Split('|');
        string key = parts[0].Contains("PrivateKey", StringComparison.Ordinal) ? "" : $"PrivateKey = {PrivateKey}\n";
        string port = parts[0].Contains("ListenPort", StringComparison.Ordinal) ? "" : "ListenPort = 51899\n";
        string endpoint = parts[1].Contains("Endpoint", StringComparison.Ordinal) ? "" : "Endpoint = 192.0.2.9:51820\n";
        string other = parts.Length < 3 ? "" : $"\n[Peer]\nPublicKey = {OtherKey}\n{Allowed(parts[2])}\n";
        return $"[Interface]\n{key}{port}{parts[0]}\n[Peer]\n# office\nPublicKey = {PeerKey}\n{endpoint}{Allowed(parts[1])}\n{other}";
    }

    public void Write(string text) => Quick.Write(Conf(text));

    public void Up(string text)
    {
        Write(text);
        Run((file, options) => QuickUp.Run(file, options), null);
    }

    public void Down() => Run((file, options) => QuickDown.Run(file, options), null);

    public void Reload(string text)
    {
        Write(text);
        Reload(beforeStep: null);
    }

    public void Reload(Action<string>? beforeStep) => Run(
        (file, options) =>
        {
            using QuickReload reload = QuickReload.Prepare(file, options);
            reload.WriteNotices(options.Log);
            reload.Apply();
        },
        beforeStep);

    /// <summary>The plan of a reload.</summary>
    public string Plan()
    {
        using var plan = new StringWriter();
        Run(
            (file, options) =>
            {
                using QuickReload reload = QuickReload.Prepare(file, options);
                reload.WritePlan(plan);
            },
            null);
        return plan.ToString();
    }

    /// <summary>What <c>diff</c> writes; empty if there is nothing to write.</summary>
    public (bool IsSame, string Text) Diff()
    {
        using var text = new StringWriter();
        bool isSame = false;
        Run((file, options) => isSame = QuickDiff.Write(file, options, text), null);
        return (isSame, text.ToString());
    }

    public void Run(Action<QuickFile, QuickOptions> run, Action<string>? beforeStep)
    {
        using var log = new StringWriter();
        try
        {
            QuickFile file = QuickFile.Load(Quick.File);
            var options = new QuickOptions
            {
                Daemon = Quick.DaemonPath,
                SearchPath = SearchPath ?? Quick.SearchPath,
                Log = log,
                StateFolder = _state,
                BeforeStep = beforeStep,
            };
            Network.Inside(() => run(file, options));
        }
        finally
        {
            Log = log.ToString();
        }
    }

    public void Dispose()
    {
        Quick.Dispose();
        Network.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    private static string Allowed(string list) => list.Length == 0 ? "" : $"AllowedIPs = {list}";
}
