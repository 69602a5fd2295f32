using System.Net;
using Chasqui.Compare;

namespace Chasqui.Siege.Flood;

/// <summary>Where the attacker is: on the cable of the legitimate peer, sending from any address of a prefix.</summary>
internal static class Attacker
{
    private const string Word = "inside-flood";
    private const string Prefix = "198.18.0.0/16";

    /// <summary>The first address of the prefix; the last two bytes are the flooder's to choose.</summary>
    public static IPAddress FirstSpoofed { get; } = IPAddress.Parse("198.18.0.0");

    /// <summary>
    /// Sends answers to the prefix out by another cable, whose other end takes them for somebody else's frames: all of the victim's work is
    /// done, and the two cores are spared what the attacker's host would do with them.
    /// </summary>
    public static void Prepare(Lab lab)
    {
        lab.RunIp(
            End.Left,
            $"link add away type veth peer name nobody netns {Lab.Namespace(End.Right)}",
            "address add 203.0.113.1/24 dev away",
            "link set away arp off up");
        lab.RunIp(End.Right, "link set nobody arp off up");
        lab.RunIp(End.Left, $"route add {Prefix} via 203.0.113.2"); // one neighbour for all of them, as behind a router
    }

    /// <summary>Starts a flood on one processor; returns when it has begun.</summary>
    public static RunningProgram Start(Lab lab, int processor, FloodWork work)
    {
        string path = Environment.ProcessPath!;
        string[] itself = Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, typeof(Attacker).Assembly.Location] : [path];
        RunningProgram flood = lab.Start(End.Right, "taskset", ["--cpu-list", $"{processor}", .. itself, Word, .. work.Words]);
        Lab.WaitUntil(() => flood.Output.Contains(Flooder.Ready, StringComparison.Ordinal), "the flooder", flood);
        return flood;
    }

    /// <summary>Whether the words of the command line are the flooder's.</summary>
    public static int? TryRun(string[] args) => args is [Word, .. var rest] ? Flooder.Run(FloodWork.Parse(rest)) : null;

    /// <summary>How many datagrams a flood has sent to the target itself, as it has last said.</summary>
    public static long Sent(RunningProgram flood)
    {
        string[] lines = flood.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return long.TryParse(lines[^1], out long sent) ? sent : 0;
    }
}
