using System.Collections.Concurrent;

namespace Chasqui.System.Tests.Harness;

/// <summary>What is alive on the machine because of this run, so that nothing stays when the run ends early.</summary>
internal static class Cleanup
{
    private static readonly ConcurrentDictionary<IDisposable, byte> Alive = new();

    static Cleanup()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DisposeAll();
        SweepDeadRuns();
    }

    public static void Add(IDisposable thing) => Alive.TryAdd(thing, 0);

    public static void Remove(IDisposable thing) => Alive.TryRemove(thing, out _);

    private static void DisposeAll()
    {
        // Daemons before the namespaces they were born in.
        foreach (var thing in Alive.Keys.OrderBy(thing => thing is NetworkNamespace))
        {
            try
            {
                thing.Dispose();
            }
            catch (Exception exception)
            {
                Console.Error.WriteLine($"not cleaned up: {exception.Message}");
            }
        }
    }

    /// <summary>Takes away the namespaces of runs of this program that were killed.</summary>
    private static void SweepDeadRuns()
    {
        if (!Directory.Exists(NetworkNamespace.Folder) || !Environment.IsPrivilegedProcess)
        {
            return;
        }

        foreach (var name in Directory.GetFiles(NetworkNamespace.Folder, NetworkNamespace.Prefix + "*").Select(Path.GetFileName))
        {
            var run = name!.Split('-') is [_, var text, _] && int.TryParse(text, out var id) ? id : Environment.ProcessId;
            if (!Directory.Exists($"/proc/{run}"))
            {
                Command.Try($"ip netns del {name}");
            }
        }
    }
}
