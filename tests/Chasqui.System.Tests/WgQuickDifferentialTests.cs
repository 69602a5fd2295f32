using Chasqui.Quick;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Our <c>up</c> and <c>down</c> beside the stock <c>wg-quick</c>'s, over the same daemon: the machine is left in the same state.</summary>
public sealed class WgQuickDifferentialTests : SystemTest
{
    private const string PeerKey = "GtL7fZc/bLnqZldpVofMCD6hDjrK28SsdLxevJ+qtKU=";
    private const string OtherKey = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";
    private const string Interface = "PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\nListenPort = 51899\n";

    /// <summary>Lines of the interface, and the allowed addresses of two peers.</summary>
    public static TheoryData<string, string, string> Configurations => new()
    {
        { "Address = 10.8.0.2/24, fd00:8::2/64", "10.8.0.0/24, fd00:8::/64", "" },
        { "Address = 10.8.0.2\nAddress = 10.9.0.2/16\nMTU = 1300", "10.8.7.0/24, 10.9.1.0/24", "192.0.2.0/25, 192.0.2.128/32, fd00:9::/48" },
        { "Address = 10.8.0.2/24\nTable = off", "0.0.0.0/0, 10.7.0.0/16", "10.6.0.0/16" },
        { "Address = 10.8.0.2/24, fd00:8::2/64\nTable = 777", "0.0.0.0/0, ::/0", "10.6.0.0/16" },
        { "Address = 10.8.0.2/24, 10.8.1.2/32, fd00:8::2/64\nDNS = 10.8.0.1, fd00:8::1, corp.example\nDNS = lan", "0.0.0.0/0, ::/0", "10.6.0.0/16" },
        { "Address = 10.8.0.2/24\nTable = auto\nFwMark = 0x1234", "0.0.0.0/0", "" },
        { "address=10.8.0.2/24 # mine\nTable = main\nPostUp = ip addr add 10.77.0.1/32 dev %i # kept\nPostDown = true", "10.5.0.0/16", "10.6.0.0/16" },
        { "", "10.5.0.0/16", "" },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public void LeavesTheMachineAsStockDoes(string lines, string allowed, string otherAllowed)
    {
        string text = Text(lines, allowed, otherAllowed);
        Observation stock = Observe(text, "wg-quick"), ours = Observe(text, QuickProgram());

        Assert.Equal(stock.Up, ours.Up);
        Assert.Equal(stock.Down, ours.Down);
        Assert.Equal(ours.Before, ours.Down.Replace("src_valid_mark 1", "src_valid_mark 0", StringComparison.Ordinal));
        Assert.Equal(stock.Strip, ours.Strip);
        Assert.Equal(stock.DnsCalls, ours.DnsCalls);
    }

    [Fact]
    public void EveryStepThatFailsLeavesTheMachineAsItWas()
    {
        NetworkNamespace network = NewScene();
        using var quick = Program(network);
        quick.Write(Text("Address = 10.8.0.2/24, fd00:8::2/64\nDNS = 10.8.0.1\nPreUp = true\nPostUp = true", "0.0.0.0/0, ::/0", "10.6.0.0/16"));
        string before = MachineState.Of(network, quick.Interface);
        int steps = Run(network, quick, failing: -1).Count;
        network.Inside(() => QuickDown.Run(QuickFile.Load(quick.File), Options(quick, TextWriter.Null, null)));
        network.Run("sysctl -q -w net.ipv4.conf.all.src_valid_mark=0");
        Assert.Equal(before, MachineState.Of(network, quick.Interface));
        Assert.True(steps >= 15, $"only {steps} steps");

        for (int failing = 0; failing < steps; failing++)
        {
            List<string> seen = Run(network, quick, failing);

            Assert.Equal(failing + 1, seen.Count);
            Assert.True(before == MachineState.Of(network, quick.Interface), $"`{seen[^1]}' failed and left something:\n{MachineState.Of(network, quick.Interface)}");
            Assert.False(File.Exists(Daemon.SocketPathOf(quick.Interface)), $"`{seen[^1]}' failed and left the daemon");
        }

        Figure($"{steps} steps, each failed once");
    }

    [Fact]
    public void AHookThatFailsSaysWhichAndTakesEverythingBack()
    {
        NetworkNamespace network = NewScene();
        using var quick = Program(network);
        quick.Write(Text("Address = 10.8.0.2/24\nPostUp = true | false | true", "10.6.0.0/16", ""));

        CommandResult result = quick.Try("up");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("`true | false | true' failed", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{quick.File}:5", result.Error, StringComparison.Ordinal);
        Assert.False(network.HasLink(quick.Interface));
    }

    [Fact]
    public void CommandsOfAFileThatOthersCanWriteAreNotRun()
    {
        NetworkNamespace network = NewScene();
        using var quick = Program(network);
        quick.Write(Text("PreUp = touch /tmp/%i.was-here", "10.6.0.0/16", ""));
        File.SetUnixFileMode(quick.File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite | UnixFileMode.OtherRead);

        CommandResult result = quick.Try("up");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("others than root can write", result.Error, StringComparison.Ordinal);
        Assert.False(network.HasLink(quick.Interface));
        Assert.False(File.Exists($"/tmp/{quick.Interface}.was-here"));
    }

    [Fact]
    public void SavingKeepsWhatAPersonWrote()
    {
        NetworkNamespace network = NewScene();
        using var quick = Program(network);
        string text = $"# my tunnel\n{Text("Address = 10.8.0.2/24\nDNS = 10.8.0.1 # the router", "10.6.0.0/16", "10.7.0.0/16")}";
        quick.Write(text);
        Command.Succeed(quick.Try("up"));
        Command.Succeed(quick.Try("save"));
        Assert.Equal(text, File.ReadAllText(quick.File));

        network.Run($"wg set {quick.Interface} peer {OtherKey} remove peer {PeerKey} persistent-keepalive 25");
        network.Ip($"addr add 10.9.0.9/32 dev {quick.Interface}");
        Command.Succeed(quick.Try("save"));
        Command.Succeed(quick.Try("down"));

        string saved = File.ReadAllText(quick.File);
        Assert.StartsWith("# my tunnel\n[Interface]\n", saved, StringComparison.Ordinal);
        Assert.Contains("DNS = 10.8.0.1 # the router\n", saved, StringComparison.Ordinal);
        Assert.Contains("Address = 10.9.0.9/32\n", saved, StringComparison.Ordinal);
        Assert.Contains("PersistentKeepalive = 25\n", saved, StringComparison.Ordinal);
        Assert.DoesNotContain(OtherKey, saved, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(quick.File));
    }

    [Fact]
    public void ASecondTunnelKeepsItsRules()
    {
        NetworkNamespace network = NewScene();
        using WgQuick first = Program(network), second = Program(network);
        first.Write(Text("Address = 10.8.0.2/24", "0.0.0.0/0", ""));
        second.Write(Text("Address = 10.9.0.2/24", "0.0.0.0/0", "").Replace("51899", "51898", StringComparison.Ordinal));
        Command.Succeed(first.Try("up"));
        string rules = network.Ip("rule").Output;
        Command.Succeed(second.Try("up"));

        Command.Succeed(second.Try("down"));

        Assert.Equal(rules, network.Ip("rule").Output);
        Command.Succeed(first.Try("down"));
    }

    private static string Text(string lines, string allowed, string otherAllowed) =>
        $"[Interface]\n{Interface}{(lines.Length == 0 ? "" : lines + "\n")}"
        + $"[Peer]\nPublicKey = {PeerKey}\nEndpoint = 192.0.2.9:51820\nAllowedIPs = {allowed}\n"
        + (otherAllowed.Length == 0 ? "" : $"\n# another\n[Peer]\nPublicKey = {OtherKey}\nAllowedIPs = {otherAllowed}\n");

    private static string[] QuickProgram() => [Programs.PathOf(Implementation.Chasqui)];

    private NetworkNamespace NewScene()
    {
        Programs.Require(Implementation.Chasqui);
        Programs.RequireTool("wg-quick");
        Programs.RequireTool("nft");
        if (Directory.Exists("/sys/module/wireguard"))
        {
            Assert.Skip("the kernel has WireGuard: wg-quick would not start a daemon");
        }

        NetworkNamespace network = NewNamespace();
        network.Ip("link add veth1 mtu 1480 type veth peer name veth2");
        network.Ip("link set veth2 addrgenmode none up");
        network.Ip("link set veth1 addrgenmode none up");
        network.Ip("addr add 172.16.0.2/24 dev veth1");
        network.Ip("route add default via 172.16.0.1 mtu 1460");
        return network;
    }

    private static WgQuick Program(NetworkNamespace network) => new(Implementation.Chasqui, network, QuickProgram());

    private Observation Observe(string text, params string[] program)
    {
        NetworkNamespace network = NewScene();
        using var quick = new WgQuick(Implementation.Chasqui, network, program);
        quick.Write(text);
        string before = MachineState.Of(network, quick.Interface);
        Command.Succeed(quick.Try("up"));
        string up = MachineState.Of(network, quick.Interface)
            + network.Run($"wg showconf {quick.Interface}").Output;
        string strip = Command.Succeed(quick.Try("strip")).Output;
        Command.Succeed(quick.Try("down"));
        Poll.Until(() => quick.ProcessIds().Length == 0, "the daemon stays after down");
        return new Observation(before, up, MachineState.Of(network, quick.Interface), strip, quick.DnsCalls.Replace(quick.Interface, "IF", StringComparison.Ordinal));
    }

    private static QuickOptions Options(WgQuick quick, TextWriter log, Action<string>? beforeStep) => new()
    {
        Daemon = quick.DaemonPath,
        SearchPath = quick.SearchPath,
        Log = log,
        BeforeStep = beforeStep,
    };

    /// <summary>Runs <c>up</c> in this process and makes one of its steps fail.</summary>
    /// <returns>The steps that were begun.</returns>
    private static List<string> Run(NetworkNamespace network, WgQuick quick, int failing)
    {
        List<string> seen = [];
        void Fail(string words)
        {
            seen.Add(words);
            if (seen.Count == failing + 1)
            {
                throw new IOException("it was made to fail");
            }
        }

        using var log = new StringWriter();
        QuickFile file = QuickFile.Load(quick.File);
        if (failing < 0)
        {
            network.Inside(() => QuickUp.Run(file, Options(quick, log, Fail)));
            return seen;
        }

        QuickException exception = Assert.Throws<QuickException>(() => network.Inside(() => QuickUp.Run(file, Options(quick, log, Fail))));
        Assert.Contains($"`{seen[^1]}' failed: it was made to fail", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("What was done before it is undone.", exception.Message, StringComparison.Ordinal);
        return seen;
    }

    private sealed record Observation(string Before, string Up, string Down, string Strip, string DnsCalls);
}
