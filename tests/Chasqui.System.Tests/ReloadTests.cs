using Chasqui.Core.Config;
using Chasqui.Quick;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Reloading brings the machine where taking the interface down and up again would, and undoes what it cannot finish.</summary>
public sealed class ReloadTests : SystemTest
{
    private const string Psk = "PresharedKey = pxZ0vcnyQDI4LNhEl0hhKw7vKnqvTm9MPcdJ0Qdc7ww=";

    /// <summary>Files before and after, in the short form of <see cref="ReloadScene.Conf"/>.</summary>
    public static TheoryData<string, string> FilePairs => new()
    {
        // Addresses, alone and with what hangs on them.
        { "Address = 10.8.0.2/24, fd00:8::2/64|10.8.0.0/24", "Address = 10.8.0.3/24, fd00:8::3/64|10.8.0.0/24" },
        { "Address = 10.8.0.2/24|10.8.0.0/24", "Address = 10.9.0.2/24|10.8.0.0/24" },
        { "Address = 10.9.0.2/24|10.8.0.0/24", "Address = 10.8.0.2/24|10.8.0.0/24" },
        { "Address = fd00:8::2/64|fd00:8::/64, fd00:9::/64", "Address = fd00:9::2/64|fd00:8::/64, fd00:9::/64" },
        { "Address = 10.8.0.2/24, 10.8.0.3/24, 10.8.0.4/24|10.8.0.0/24", "Address = 10.8.0.3/24, 10.8.0.4/24|10.8.0.0/24" },
        { "Address = 10.8.0.2/24|10.5.0.0/16, 10.6.0.0/16", "Address = fd00:8::2/64|10.5.0.0/16, fd00:5::/64" },
        { "Address = fd00:8::2/64|10.5.0.0/16, fd00:5::/64", "Address = 10.8.0.2/32|10.5.0.0/16" },
        { "|10.5.0.0/16", "Address = 10.8.0.2, fd00:8::2|10.5.0.0/16" },

        // MTU, also across the least that IPv6 takes.
        { "Address = 10.8.0.2/24, fd00:8::2/64\nMTU = 1300|10.5.0.0/16, fd00:5::/48", "Address = 10.8.0.2/24, fd00:8::2/64|10.5.0.0/16, fd00:5::/48" },
        { "Address = 10.8.0.2/24|10.5.0.0/16", "Address = 10.8.0.2/24\nMTU = 1280|10.5.0.0/16" },
        { "Address = 10.8.0.2/24\nMTU = 1200|10.5.0.0/16", "Address = 10.8.0.2/24, fd00:8::2/64|10.5.0.0/16, fd00:5::/48" },
        { "Address = 10.8.0.2/24, fd00:8::2/64|10.5.0.0/16, fd00:5::/48", "Address = 10.8.0.2/24\nMTU = 1200|10.5.0.0/16" },

        // Allowed addresses, which move between peers.
        { "Address = 10.8.0.2/24|10.5.0.0/16|10.6.0.0/16, fd00:6::/48", "Address = 10.8.0.2/24|10.6.0.0/16, 10.7.0.1/32|10.5.0.0/16, fd00:7::/48" },
        { "Address = 10.8.0.2/24|10.5.0.0/16|10.6.0.0/16", "Address = 10.8.0.2/24|10.4.0.0/14" },
        { "Address = 10.8.0.2/24|10.4.0.0/14", "Address = 10.8.0.2/24|10.5.0.0/16|10.6.0.0/16" },

        // A default route, on and off, in one family and in both.
        { "Address = 10.8.0.2/24, fd00:8::2/64|10.5.0.0/16", "Address = 10.8.0.2/24, fd00:8::2/64|0.0.0.0/0, ::/0" },
        { "Address = 10.8.0.2/24, fd00:8::2/64|0.0.0.0/0, ::/0", "Address = 10.8.0.2/24, fd00:8::2/64|10.5.0.0/16" },
        { "Address = 10.8.0.2/24, fd00:8::2/64|0.0.0.0/0, ::/0", "Address = 10.8.0.2/24, fd00:8::2/64|::/0" },
        { "Address = 10.8.0.2/24, fd00:8::2/64|::/0", "Address = 10.8.0.2/24, fd00:8::2/64|0.0.0.0/0, ::/0" },
        { "Address = 10.8.0.2/24, fd00:8::2/64|0.0.0.0/0, ::/0", "Address = 10.8.0.7/24, fd00:8::2/64, 10.77.0.1/32|0.0.0.0/0, ::/0" },
        { "Address = 10.8.0.2/24|0.0.0.0/0", "Address = fd00:8::2/64|0.0.0.0/0" },

        // Marks.
        { "Address = 10.8.0.2/24|0.0.0.0/0, ::/0", "Address = 10.8.0.2/24\nFwMark = 0x1234|0.0.0.0/0, ::/0" },
        { "Address = 10.8.0.2/24\nFwMark = 0x1234|0.0.0.0/0", "Address = 10.8.0.2/24|0.0.0.0/0" },
        { "Address = 10.8.0.2/24\nFwMark = 0x1234|0.0.0.0/0", "Address = 10.8.0.2/24\nFwMark = 0x4321|0.0.0.0/0" },
        { "Address = 10.8.0.2/24|10.5.0.0/16", "Address = 10.8.0.2/24\nFwMark = 7|10.5.0.0/16" },
        { "Address = 10.8.0.2/24\nFwMark = 7|10.5.0.0/16", "Address = 10.8.0.2/24|10.5.0.0/16" },

        // Tables.
        { "Address = 10.8.0.2/24|0.0.0.0/0, 10.5.0.0/16", "Address = 10.8.0.2/24\nTable = 777|0.0.0.0/0, 10.5.0.0/16" },
        { "Address = 10.8.0.2/24\nTable = 777|0.0.0.0/0, 10.5.0.0/16", "Address = 10.8.0.2/24|0.0.0.0/0, 10.5.0.0/16" },
        { "Address = 10.8.0.2/24\nTable = 777|0.0.0.0/0, ::/0", "Address = 10.8.0.2/24\nTable = 778|0.0.0.0/0, ::/0" },
        { "Address = 10.8.0.2/24\nTable = off|0.0.0.0/0, 10.5.0.0/16", "Address = 10.8.0.2/24\nTable = auto|0.0.0.0/0, 10.5.0.0/16" },
        { "Address = 10.8.0.2/24|0.0.0.0/0, ::/0, 10.5.0.0/16", "Address = 10.8.0.2/24\nTable = off|0.0.0.0/0, ::/0, 10.5.0.0/16" },
        { "Address = 10.8.0.2/24\nTable = main|10.5.0.0/16", "Address = 10.8.0.2/24\nTable = 777|10.5.0.0/16" },

        // Keys, ports, peers.
        { "ListenPort = 51898|10.5.0.0/16", $"PrivateKey = {ReloadScene.OtherPrivateKey}|10.5.0.0/16" },
        { $"|10.5.0.0/16\n{Psk}\nPersistentKeepalive = 25|10.6.0.0/16", "|10.5.0.0/16\nEndpoint = [2001:db8::9]:7|10.6.0.0/16\nPersistentKeepalive = 9" },
        { "|10.5.0.0/16|10.6.0.0/16", $"|10.5.0.0/16\n{Psk}" },
        { "|", "|10.5.0.0/16|fd00:6::/48" },

        // What a command made stays, and is not run again.
        { "Address = 10.8.0.2/24\nPostUp = ip addr add 10.77.0.1/32 dev %i|10.5.0.0/16", "Address = 10.9.0.2/24\nPostUp = ip addr add 10.77.0.1/32 dev %i|10.6.0.0/16" },
        {
            "Address = 10.8.0.2/24\nTable = off\nPostUp = ip route add 0.0.0.0/0 dev %i table 200|0.0.0.0/0",
            "Address = 10.9.0.2/24\nTable = off\nPostUp = ip route add 0.0.0.0/0 dev %i table 200|0.0.0.0/0, 10.5.0.0/16"
        },
        { "Address = 10.8.0.2/24\nDNS = 10.8.0.1|10.5.0.0/16", "Address = 10.8.0.2/24\nDNS = 10.8.0.2, lan|10.5.0.0/16" },
    };

    [Theory]
    [MemberData(nameof(FilePairs))]
    public void LeavesTheMachineAsDownAndUpWould(string before, string after)
    {
        using var reloaded = new ReloadScene();
        reloaded.Up(before);
        Assert.Equal((true, ""), reloaded.Diff());

        reloaded.Reload(after);

        using var restarted = new ReloadScene();
        restarted.Up(before);
        restarted.Down();
        restarted.Up(after);
        Assert.Equal(restarted.State, reloaded.State);
        Assert.Equal((true, ""), reloaded.Diff());
        Assert.Equal("", reloaded.Plan());
        string untouched = reloaded.State;
        reloaded.Reload(beforeStep: null);
        Assert.Equal(untouched, reloaded.State);
        reloaded.Down();
        restarted.Down();
        Assert.Equal(restarted.State, reloaded.State);
    }

    [Theory]
    [MemberData(nameof(FilePairs))]
    public void EveryStepThatFailsLeavesTheMachineAsItWas(string before, string after)
    {
        using var scene = new ReloadScene();
        scene.Up(before);
        string state = scene.State;
        scene.Write(after);
        (bool IsSame, string Text) difference = scene.Diff();
        Assert.False(difference.IsSame && scene.Plan().Length > 0, "reload has something to do, and diff does not tell");
        int steps = scene.Plan().Split("[#] ").Length - 1;

        for (int failing = 0; failing < steps; failing++)
        {
            int seen = 0;
            QuickException exception = Assert.Throws<QuickException>(() => scene.Reload(words =>
            {
                if (seen++ == failing)
                {
                    throw new IOException("it was made to fail");
                }
            }));

            Assert.EndsWith("What was done before it is undone.", exception.Message, StringComparison.Ordinal);
            Assert.True(state == scene.State, $"step {failing} failed and left something:\n{scene.Log}\n{state}\n{scene.State}");
            Assert.Equal(difference, scene.Diff());
        }

        Figure($"{steps} steps, each failed once");
    }

    [Fact]
    public void TheResolverIsToldAndForgets()
    {
        using var scene = new ReloadScene();
        scene.Up("Address = 10.8.0.2/24\nDNS = 10.8.0.1|10.5.0.0/16");
        Assert.Equal(1, Count(scene.Quick.DnsCalls, "-a "));

        scene.Reload("Address = 10.8.0.2/24\nDNS = 10.8.0.1|10.6.0.0/16");
        Assert.Equal(1, Count(scene.Quick.DnsCalls, "-a "));

        scene.Reload("Address = 10.8.0.2/24\nDNS = 10.8.0.9, lan|10.6.0.0/16");
        Assert.EndsWith("nameserver 10.8.0.9\nsearch lan\n", scene.Quick.DnsCalls, StringComparison.Ordinal);

        scene.Reload("Address = 10.8.0.2/24|10.6.0.0/16");
        Assert.EndsWith($"-d {scene.Quick.Interface} -f\n", scene.Quick.DnsCalls, StringComparison.Ordinal);
        scene.Down();
        Assert.Equal(1, Count(scene.Quick.DnsCalls, "-d "));
    }

    [Fact]
    public void NeitherPlanNorDifferenceHoldsASecret()
    {
        using var scene = new ReloadScene();
        scene.Up($"|10.5.0.0/16\n{Psk}");
        scene.Write($"PrivateKey = {ReloadScene.OtherPrivateKey}|10.5.0.0/16|10.6.0.0/16\n{Psk}");

        string said = scene.Plan() + scene.Diff().Text;
        scene.Reload(beforeStep: null);
        said += scene.Log;

        Assert.Contains("- PrivateKey = (hidden)\n+ PrivateKey = (hidden)", said, StringComparison.Ordinal);
        Assert.Contains("[Peer office]\n- PresharedKey = (hidden)", said, StringComparison.Ordinal);
        Assert.Contains("[#] wg set", said, StringComparison.Ordinal);
        Assert.DoesNotContain(ReloadScene.PrivateKey, said, StringComparison.Ordinal);
        Assert.DoesNotContain(ReloadScene.OtherPrivateKey, said, StringComparison.Ordinal);
        Assert.DoesNotContain(Psk.Split(" = ")[1], said, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatRunsWithoutOurNoteIsReloadedAsFarAsItCanBeTold()
    {
        using var scene = new ReloadScene();
        Programs.RequireTool("wg-quick");
        scene.Write("Address = 10.8.0.2/24|0.0.0.0/0, 10.5.0.0/16");
        using var stock = new WgQuick(Implementation.Chasqui, scene.Network);
        stock.Up(ReloadScene.Conf("Address = 10.8.0.2/24|0.0.0.0/0, 10.5.0.0/16"));
        QuickFile file = QuickFile.Load(stock.File);
        string folder = Path.GetDirectoryName(stock.File)!;
        var options = new QuickOptions { Daemon = stock.DaemonPath, SearchPath = stock.SearchPath, Log = TextWriter.Null, StateFolder = folder };
        using var text = new StringWriter();
        Assert.True(scene.Network.Inside(() => Quick.Reload.QuickDiff.Write(file, options, text)), text.ToString());

        stock.Write(ReloadScene.Conf("Address = 10.8.0.2/24\nTable = off|0.0.0.0/0, 10.5.0.0/16"));
        scene.Network.Inside(() =>
        {
            using var reload = Quick.Reload.QuickReload.Prepare(QuickFile.Load(stock.File), options);
            reload.Apply();
        });

        Assert.DoesNotContain("10.5.0.0/16", scene.Network.Ip("route show table all").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("51820", scene.Network.Ip("rule").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("wg-quick", scene.Network.Run("nft list tables").Output, StringComparison.Ordinal);
        stock.Down();
    }

    /// <summary>Killed, that is, after the peers' allowed addresses changed and before the routes to the old ones went.</summary>
    [Fact]
    public void TheRoutesThatAKilledReloadWasAboutToTakeAwayGoWithTheNextOne()
    {
        using var scene = new ReloadScene();
        scene.Up("Address = 10.8.0.2/24, fd00:8::2/64|10.5.0.0/16, ::/0");
        scene.Write("Address = 10.8.0.2/24, fd00:8::2/64|10.6.0.0/16");
        var note = "";
        scene.Reload(words => note = words.Contains("route delete", StringComparison.Ordinal) ? File.ReadAllText(scene.NoteFile) : note);
        var wanted = scene.State;
        var table = note.Split('\n').Single(line => line.StartsWith("leaving=::/0 ", StringComparison.Ordinal)).Split(' ')[1];

        File.WriteAllText(scene.NoteFile, note);
        scene.Network.Ip($"route add 10.5.0.0/16 dev {scene.Quick.Interface}");
        scene.Network.Ip($"-6 route add default dev {scene.Quick.Interface} table {table}");
        Assert.NotEqual(wanted, scene.State);
        scene.Reload(beforeStep: null);

        Assert.Equal(wanted, scene.State);
        Assert.DoesNotContain("leaving", File.ReadAllText(scene.NoteFile), StringComparison.Ordinal);
        scene.Network.Ip($"route add 10.5.0.0/16 dev {scene.Quick.Interface}"); // now it is an administrator's
        scene.Reload(beforeStep: null);
        Assert.Contains("10.5.0.0/16", scene.State, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterfaceThatIsNotUpIsSaidToBeDown()
    {
        using var scene = new ReloadScene();
        scene.Write("|10.5.0.0/16");

        QuickException exception = Assert.Throws<QuickException>(() => scene.Reload(beforeStep: null));

        Assert.Contains($"`{scene.Quick.Interface}' is not up. Run `chasqui up {scene.Quick.Interface}' first", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Address = 10.8.0.300/24|10.5.0.0/16")]
    [InlineData("Address = 10.8.0.2/24\nMTU = 12|10.5.0.0/16")]
    [InlineData("Address = 10.8.0.2/24\nTable = nosuchtable|10.5.0.0/16")]
    [InlineData("Address = 10.8.0.2/24|10.5.0.0/33")]
    [InlineData("Address = 10.8.0.2/24\nListenPort = many|10.5.0.0/16")]
    public void AWrongFileChangesNothing(string wrong)
    {
        using var scene = new ReloadScene();
        scene.Up("Address = 10.8.0.2/24|10.5.0.0/16");
        string state = scene.State;
        scene.Write(wrong);

        ConfigException exception = Assert.Throws<ConfigException>(() => scene.Reload(beforeStep: null));

        Assert.Equal(scene.Quick.File, exception.File);
        Assert.True(exception.Line > 0);
        Assert.Equal(state, scene.State);
    }

    [Fact]
    public void ANameThatDoesNotResolveKeepsNothingElseFromHappening()
    {
        using var scene = new ReloadScene();
        scene.Up("Address = 10.8.0.2/24|10.5.0.0/16");

        scene.Reload("Address = 10.9.0.2/24|10.6.0.0/16\nEndpoint = nowhere.invalid:51820");

        Assert.Contains("nowhere.invalid:51820' does not resolve", scene.Log, StringComparison.Ordinal);
        Assert.Contains("10.9.0.2", scene.State, StringComparison.Ordinal);
        Assert.Contains("Endpoint = 192.0.2.9:51820", scene.State, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereAPeerHasRoamedToIsNoDifference()
    {
        using var scene = new ReloadScene();
        scene.Up("|10.5.0.0/16");
        scene.Network.Run($"wg set {scene.Quick.Interface} peer {ReloadScene.PeerKey} endpoint 198.51.100.7:1");

        (bool isSame, string text) = scene.Diff();
        Assert.True(isSame, text);
        Assert.EndsWith("[Peer office]\n  # the peer is at 198.51.100.7:1; reload sets it back to 192.0.2.9:51820\n", text, StringComparison.Ordinal);

        scene.Write("|10.5.0.0/16\nEndpoint = 192.0.2.77:9");
        (isSame, text) = scene.Diff();
        Assert.False(isSame);
        Assert.EndsWith("[Peer office]\n- Endpoint = 198.51.100.7:1\n+ Endpoint = 192.0.2.77:9\n", text, StringComparison.Ordinal);
        scene.Reload(beforeStep: null);
        Assert.Contains("Endpoint = 192.0.2.77:9", scene.State, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutNftIptablesDoesTheSame()
    {
        const string Before = "Address = 10.8.0.2/24, fd00:8::2/64|0.0.0.0/0, ::/0", After = "Address = 10.8.0.7/24\nFwMark = 7|0.0.0.0/0";
        string folder = Iptables();
        try
        {
            using ReloadScene reloaded = new() { SearchPath = folder }, restarted = new() { SearchPath = folder };
            reloaded.Up(Before);
            Assert.Equal((true, ""), reloaded.Diff());
            string before = Rules(reloaded);

            reloaded.Write(After);
            int step = 0;
            Assert.Throws<QuickException>(() => reloaded.Reload(_ => FailAt(step++ == 12 ? "x" : "", "x")));
            Assert.Equal(before, Rules(reloaded));
            reloaded.Reload(beforeStep: null);

            restarted.Up(After);
            Assert.Contains("-d 10.8.0.7/32", Rules(reloaded), StringComparison.Ordinal);
            Assert.Equal(Rules(restarted), Rules(reloaded));
            reloaded.Reload("Address = 10.8.0.7/24|10.5.0.0/16");
            Assert.DoesNotContain("wg-quick", Rules(reloaded), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void WhatAnAdministratorAddedByHandIsOfTheFileOrStays()
    {
        using var scene = new ReloadScene();
        scene.Up("Address = 10.8.0.2/24|10.5.0.0/16");
        string name = scene.Quick.Interface;
        scene.Network.Ip($"addr add 10.44.0.1/32 dev {name}");
        scene.Network.Ip($"route add 192.0.2.128/25 dev {name}");
        scene.Network.Ip($"route add 10.99.0.0/16 via 10.8.0.1 dev {name}");

        (bool isSame, string text) = scene.Diff();
        Assert.False(isSame);
        Assert.Contains("- Address = 10.44.0.1/32", text, StringComparison.Ordinal);
        scene.Reload(beforeStep: null);

        Assert.DoesNotContain("10.44.0.1", scene.State, StringComparison.Ordinal);
        Assert.Contains("192.0.2.128/25", scene.State, StringComparison.Ordinal);
        Assert.Contains("10.99.0.0/16", scene.State, StringComparison.Ordinal);

        string state = scene.State;
        scene.Write("|10.5.0.0/16");
        Assert.Throws<QuickException>(() => scene.Reload(static words => FailAt(words, "route add 10.5.0.0/16")));
        Assert.Equal(state, scene.State);
        scene.Network.Ip($"route del 10.99.0.0/16 dev {name}");
        scene.Reload(beforeStep: null);
        Assert.Contains("192.0.2.128/25", scene.State, StringComparison.Ordinal);
    }

    private static void FailAt(string words, string what)
    {
        if (words.Contains(what, StringComparison.Ordinal))
        {
            throw new IOException("it was made to fail");
        }
    }

    /// <summary>A folder of programs without nft.</summary>
    private static string Iptables()
    {
        string folder = Directory.CreateTempSubdirectory("chq-bin-").FullName;
        foreach (string program in new[] { "iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore" })
        {
            Programs.RequireTool(program);
            File.CreateSymbolicLink(Path.Combine(folder, program), $"/usr/sbin/{program}");
        }

        return folder;
    }

    private static string Rules(ReloadScene scene) => string.Join('\n', (
            scene.Network.Run("iptables-save").Output + scene.Network.Run("ip6tables-save").Output)
        .Replace(scene.Quick.Interface, "IF", StringComparison.Ordinal).Split('\n')
        .Where(static line => line.StartsWith("-A", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
