using System.Globalization;

namespace Chasqui.System.Tests.Harness;

/// <summary>Counts the instructions that a daemon has executed, outside of the kernel. It runs inside valgrind's callgrind.</summary>
internal sealed class InstructionCounter(Daemon daemon, string folder)
{
    private const string FilePrefix = "instructions.";

    private int _dumps;

    /// <summary>The words in front of a program whose instructions are counted; <paramref name="folder"/> takes what is read.</summary>
    public static string[] Tool(string folder) =>
        ["valgrind", "--tool=callgrind", "--trace-children=yes", "--quiet", $"--callgrind-out-file={folder}/{FilePrefix}%p"];

    /// <summary>Skips the running test unless the tools are there, and the numbers are for this kind of processor.</summary>
    public static void Require()
    {
        Programs.RequireRoot();
        Programs.RequireTool("valgrind");
        Programs.RequireTool("vgdb");
    }

    /// <summary>Counts from here on.</summary>
    public void Zero() => Tell("zero");

    /// <summary>The instructions since <see cref="Zero"/>, of all threads.</summary>
    public long Read()
    {
        Tell("dump");
        var file = $"{folder}/{FilePrefix}{daemon.ProcessId}.{++_dumps}";
        string? total = null;
        Poll.Until(() => (total = Total(file)) is not null, $"callgrind has written no {file}");
        return long.Parse(total!, CultureInfo.InvariantCulture);
    }

    private static string? Total(string file) => !File.Exists(file)
        ? null
        : File.ReadLines(file).FirstOrDefault(line => line.StartsWith("totals:", StringComparison.Ordinal))?["totals:".Length..];

    private void Tell(string order) => Command.Run($"vgdb --pid={daemon.ProcessId} {order}");
}
