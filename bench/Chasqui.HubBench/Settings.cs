using System.Globalization;

namespace Chasqui.HubBench;

/// <summary>The command line.</summary>
internal sealed class Settings
{
    /// <summary>Payload bytes of an inner UDP packet.</summary>
    internal int Payload { get; private init; } = 1340;

    /// <summary>Packets that a peer sends or gets in a row.</summary>
    internal int[] Bursts { get; private init; } = [1, 4, 16, 44];

    /// <summary>How often each scenario is measured.</summary>
    internal int Rounds { get; private init; } = 3;

    /// <summary>Megabytes of datagrams in one inbound flood.</summary>
    internal int Megabytes { get; private init; } = 600;

    /// <summary>Processors of the daemon, as taskset takes them.</summary>
    internal string DaemonCpus { get; private init; } = "1";

    /// <summary>The daemon's program.</summary>
    internal string Daemon { get; private init; } = "";

    /// <summary>Which comparison: hub, prefixes or queues.</summary>
    internal string What { get; private init; } = "hub";

    /// <summary>Seconds of one outbound flood.</summary>
    internal double Seconds { get; } = 2;

    internal static Settings Parse(string[] arguments)
    {
        var values = new Dictionary<string, string>();
        foreach (string argument in arguments)
        {
            string[] halves = argument.TrimStart('-').Split('=', 2);
            values[halves[0]] = halves.Length == 2 ? halves[1] : "";
        }

        return new Settings
        {
            What = values.GetValueOrDefault("what", "hub"),
            Daemon = values.GetValueOrDefault("daemon", "artifacts/publish/linux-x64/chasqui"),
            Payload = Number(values, "payload", 1340),
            Rounds = Number(values, "rounds", 3),
            Megabytes = Number(values, "megabytes", 600),
            DaemonCpus = values.GetValueOrDefault("cpus", "1"),
            Bursts = Array.ConvertAll(
                values.GetValueOrDefault("bursts", "1,4,16,44").Split(','), text => int.Parse(text, CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>What is compared; the first scenario is what the others are compared with.</summary>
    internal Scenario[] Scenarios() => What switch
    {
        "hub" =>
        [
            new("1 peer, 1,000 flows", 1, 1, 1, 1_000, 0),
            new("1 peer, 1 flow", 1, 1, 1, 1, 0),
            new("10,000 peers, 1 active, 1,000 flows", 10_000, 1, 10_000, 1_000, 0),
            new("10,000 peers, 1,000 active, a flow each", 10_000, 1_000, 10_000, 1, 0),
        ],
        "prefixes" =>
        [
            new("1,000 peers, 100 active, 1,000 prefixes", 1_000, 100, 1_000, 1_000, 0),
            new("1,000 peers, 100 active, 100,000 prefixes", 1_000, 100, 100_000, 1_000, 0),
            new("1 peer, 1 prefix", 1, 1, 1, 1_000, 0),
            new("1 peer, 100,000 prefixes", 1, 1, 100_000, 1_000, 0),
        ],
        "queues" =>
        [
            new("1,000 peers, 1,000 active, 1 queue", 1_000, 1_000, 1_000, 1, 1),
            new("1,000 peers, 1,000 active, 2 queues", 1_000, 1_000, 1_000, 1, 2),
            new("1,000 peers, 1,000 active, 4 queues", 1_000, 1_000, 1_000, 1, 4),
        ],
        _ => throw new ArgumentException($"{What} is none of hub, prefixes and queues"),
    };

    private static int Number(Dictionary<string, string> values, string name, int otherwise) =>
        values.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
