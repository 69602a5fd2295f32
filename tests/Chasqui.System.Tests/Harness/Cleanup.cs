using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Chasqui.System.Tests.Harness;

/// <summary>What is alive on the machine because of this run, so that nothing stays when the run ends early.</summary>
internal static class Cleanup
{
    private static readonly ConcurrentDictionary<IDisposable, byte> Alive = new();

    /// <summary>The signals that end a run early; kept, because a registration lives as long as its object.</summary>
    private static readonly PosixSignalRegistration[] Signals;

    static Cleanup()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DisposeAll();
        Signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => DisposeAll()))];
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
                DeleteInterfaces(name, $"wg{run}n");
                Command.Try($"ip netns del {name}");
                DeleteFolder(NamespaceFiles.FolderOf(name));
                DeleteSockets($"wg{run}n*.sock");
            }
        }
    }

    /// <summary>A daemon whose interface is deleted ends by itself.</summary>
    private static void DeleteInterfaces(string network, string prefix)
    {
        foreach (var line in Command.Try($"ip -n {network} -br link").Lines)
        {
            var link = Command.Words(line)[0];
            if (link.StartsWith(prefix, StringComparison.Ordinal))
            {
                Command.Try($"ip -n {network} link del {link}");
            }
        }
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void DeleteSockets(string pattern)
    {
        foreach (var socket in Directory.Exists(Daemon.SocketFolder) ? Directory.GetFiles(Daemon.SocketFolder, pattern) : [])
        {
            File.Delete(socket);
        }
    }
}
