using System.Text;

namespace Chasqui.System.Tests.Harness;

/// <summary>The stock <c>wg</c> and ours, run on the same sockets with the same words.</summary>
/// <remarks>
/// Both see a folder of sockets of their own in the place of <c>/var/run/wireguard</c>, and a network without names or neighbours.
/// </remarks>
internal sealed class WgTwins : IDisposable
{
    /// <summary>How often a comparison is repeated when a second ended between the two.</summary>
    private const int Attempts = 4;

    private static int _count;

    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly Stack<IDisposable> _owned = new();
    private readonly string _link;
    private string _mounts = "";

    public WgTwins()
    {
        Programs.Require(Implementation.Chasqui);
        Programs.RequireTool("unshare");
        Directory.CreateDirectory(Daemon.SocketFolder);
        Folder = $"/run/{NetworkNamespace.Prefix}{Environment.ProcessId}-wg{Interlocked.Increment(ref _count)}";
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(Path.Combine(Folder, "bin"));
        Directory.CreateDirectory(Sockets);
        _link = Path.Combine(Folder, "bin", "wg");
        File.CreateSymbolicLink(_link, Programs.PathOf(Implementation.Chasqui));
        Cleanup.Add(this);
    }

    /// <summary>Room for files of the test.</summary>
    public string Folder { get; }

    /// <summary>How many commands have been compared.</summary>
    public int Compared { get; private set; }

    private string Sockets => Path.Combine(Folder, "sockets");

    /// <summary>Serves an interface with canned answers.</summary>
    public CannedDaemon Serve(string interfaceName, string answerToGet)
    {
        var daemon = new CannedDaemon(SocketOf(interfaceName), answerToGet);
        _owned.Push(daemon);
        return daemon;
    }

    /// <summary>Shows a real daemon's interface to both tools. Not by a second link: wireguard-go ends when its socket gets one.</summary>
    public void Link(Daemon daemon)
    {
        File.WriteAllText(SocketOf(daemon.Interface), "");
        _mounts += $"mount --bind {daemon.SocketPath} '{SocketOf(daemon.Interface)}' && ";
    }

    public string SocketOf(string interfaceName) => Path.Combine(Sockets, interfaceName + ".sock");

    /// <summary>Runs shell lines, in which <c>wg</c> is one of the tools, with both and fails the test where they differ.</summary>
    /// <param name="lines">The lines; each one's output, errors and exit code are compared.</param>
    /// <param name="afterEach">Called after each tool; what it returns is compared too.</param>
    /// <returns>What both wrote to standard output.</returns>
    public string AssertSame(IReadOnlyList<string> lines, Func<string>? afterEach = null)
    {
        var difference = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stock = Run("/usr/bin/wg", lines, afterEach);
            var ours = Run(_link, lines, afterEach);
            difference = FirstDifference(stock, ours);
            if (difference.Length == 0)
            {
                Compared += lines.Count;
                return stock[0];
            }
        }

        throw new Xunit.Sdk.XunitException(difference);
    }

    /// <summary>Runs shell lines with our tool.</summary>
    public string RunOurs(params IReadOnlyList<string> lines) => Run(_link, lines, null)[0];

    public void Dispose()
    {
        while (_owned.TryPop(out var thing))
        {
            thing.Dispose();
        }

        _network.Dispose();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        Cleanup.Remove(this);
    }

    /// <summary>What every line wrote to standard output, to standard error, and what came of <paramref name="afterEach"/>.</summary>
    private string[] Run(string tool, IReadOnlyList<string> lines, Func<string>? afterEach)
    {
        var script = new StringBuilder("wg() { \"$WG\" \"$@\"; }\n");
        foreach (var line in lines)
        {
            var mark = $"## {line.Replace('\n', ' ')}".Replace("'", "'\\''", StringComparison.Ordinal);
            script.Append("echo '").Append(mark).Append("'\necho '").Append(mark).Append("' >&2\n(").Append(line).Append("\n) </dev/null\necho \"exit $?\"\n");
        }

        string[] command =
        [
            "unshare", "-m", "/bin/sh", "-c", $"{_mounts} mount --rbind '{Sockets}' {Daemon.SocketFolder} && exec /bin/sh -s",
        ];
        var result = Command.Try(
            _network.Entering(command), script.ToString(), TimeSpan.FromSeconds(60), new Dictionary<string, string> { ["WG"] = tool, ["D"] = Folder });
        return [Neutral(result.Output, tool), Neutral(result.Error, tool), afterEach?.Invoke() ?? ""];
    }

    private static string Neutral(string text, string tool) => text.Replace(tool, "wg", StringComparison.Ordinal);

    /// <summary>The first command whose output differs, or the first lines that were sent differently.</summary>
    private static string FirstDifference(string[] stock, string[] ours)
    {
        string[] names = ["standard output", "standard error", "what was sent"];
        for (var i = 0; i < names.Length; i++)
        {
            if (stock[i] != ours[i])
            {
                var (left, right) = i < 2 ? (stock[i].Split("## "), ours[i].Split("## ")) : (stock[i].Split('\n'), ours[i].Split('\n'));
                var at = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(k => left[k] != right[k]);
                return $"{names[i]} differs\n--- stock\n{Around(left, at, i == 2)}\n--- ours\n{Around(right, at, i == 2)}";
            }
        }

        return "";
    }

    private static string Around(string[] pieces, int at, bool areLines) =>
        Visible(string.Join('\n', areLines ? pieces[Math.Max(0, at - 8)..Math.Min(pieces.Length, at + 4)] : pieces[at..(at + 1)]));

    private static string Visible(string text) => text.Replace("\e", "\\e", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
}
