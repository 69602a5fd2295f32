using System.Net.Sockets;

namespace Chasqui.System.Tests.Harness;

/// <summary>What every scenario has: the matrix of implementations, and an end that leaves nothing behind.</summary>
public abstract class SystemTest : IDisposable
{
    private readonly Stack<IDisposable> _owned = new();

    /// <summary>Who is A and who is B: ourselves, ourselves against wireguard-go in both roles, and wireguard-go alone when asked for.</summary>
    public static TheoryData<Implementation, Implementation> Pairs
    {
        get
        {
            var pairs = new TheoryData<Implementation, Implementation>
            {
                { Implementation.Chasqui, Implementation.Chasqui },
                { Implementation.Chasqui, Implementation.WireguardGo },
                { Implementation.WireguardGo, Implementation.Chasqui },
            };
            if (Programs.Baseline)
            {
                pairs.Add(Implementation.WireguardGo, Implementation.WireguardGo);
            }

            return pairs;
        }
    }

    /// <summary>The pairs, each over IPv4 and over IPv6 outside.</summary>
    public static TheoryData<Implementation, Implementation, AddressFamily> PairsOverBothFamilies
    {
        get
        {
            var rows = new TheoryData<Implementation, Implementation, AddressFamily>();
            foreach (var row in Pairs)
            {
                rows.Add(row.Data.Item1, row.Data.Item2, AddressFamily.InterNetwork);
                rows.Add(row.Data.Item1, row.Data.Item2, AddressFamily.InterNetworkV6);
            }

            return rows;
        }
    }

    /// <summary>For scenarios of one daemon.</summary>
    public static TheoryData<Implementation> Daemons
    {
        get
        {
            var daemons = new TheoryData<Implementation> { Implementation.Chasqui };
            if (Programs.Baseline)
            {
                daemons.Add(Implementation.WireguardGo);
            }

            return daemons;
        }
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var thing))
        {
            thing.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps <paramref name="thing"/> until the test ends.</summary>
    internal T Own<T>(T thing)
        where T : IDisposable
    {
        _owned.Push(thing);
        return thing;
    }

    /// <summary>Prints a measured figure beside the bar it is held to.</summary>
    internal static void Figure(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    internal NetworkNamespace NewNamespace() => Own(NetworkNamespace.Create());

    internal Daemon NewDaemon(Implementation implementation, NetworkNamespace birth)
    {
        Programs.Require(implementation);
        return Own(Daemon.Start(implementation, birth));
    }
}
