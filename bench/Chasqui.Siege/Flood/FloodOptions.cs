using System.Globalization;
using Chasqui.Compare;

namespace Chasqui.Siege.Flood;

/// <summary>What the command line of a flood asks for.</summary>
internal sealed record FloodOptions
{
    /// <summary>The page that --help prints.</summary>
    public const string Help = """
        usage: ./build.sh flood [OPTION...]

        A daemon is flooded with hostile datagrams, at a rate, while a legitimate peer pings, transfers and makes a new handshake: ours, and the
        newest wireguard-go in the same run. Everything is compared with the same flood on a port of the same host that nobody reads. See
        docs/soak.md. Needs root. Takes seven minutes, and writes docs/security/floods.json.

          --quick             once instead of twice, and shorter, in two minutes; writes no document
          --rate N            datagrams a second (default 30000)
          --turns N           of each flood in a round (default 3; 1 with --quick)
          --at-once           the pings, the transfer and the renewal of the session that is due after two minutes all at the same time, instead of one
                              after the other: half an hour; writes docs/security/renewals.json
          --only LETTERS      these floods alone, such as "ac"; writes no document
          --first             before everything else on the machine that other sessions run: for machines that have other work
          --program NAME      chasqui or wireguard-go alone; writes no document
          --help              this page

        environment
          CHASQUI, WIREGUARD_GO  binaries to take instead of ours and of Debian's newest

        All numbers go to artifacts/flood/floods.json as well.
        """;

    /// <summary>Whether to print <see cref="Help"/> and do nothing.</summary>
    public bool IsHelp { get; init; }

    /// <summary>Whether two minutes must do.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Datagrams a second.</summary>
    public int Rate { get; init; } = 30_000;

    /// <summary>The letters of floods; empty for all.</summary>
    public string Only { get; init; } = "";

    /// <summary>Whether this session goes before the others' work.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether pings, transfer and renewal go on at the same time.</summary>
    public bool IsAtOnce { get; init; }

    /// <summary>The floods that are asked for.</summary>
    public IEnumerable<FloodKind> Kinds => FloodKind.All.Where(kind => Only.Length == 0 || Only.Contains(kind.Letter, StringComparison.Ordinal));

    /// <summary>A daemon's name; empty for both.</summary>
    public string Program { get; init; } = "";

    /// <summary>How often each daemon is flooded, in turn.</summary>
    public int Rounds => IsQuick ? 1 : 2;

    /// <summary>How often a flood goes to the daemon and to nobody in turn.</summary>
    public int Turns { get; init; } = 3;

    /// <summary>Seconds of a transfer.</summary>
    public const int TransferSeconds = 1;

    /// <summary>Pings of a measurement, 5 ms apart.</summary>
    public const int Pings = 100;

    /// <summary>Whether the results are for the documents.</summary>
    public bool IsWhole => !IsQuick && Only.Length == 0 && Program.Length == 0;

    /// <summary>The command that asks for the same.</summary>
    public string Command => string.Join(' ', [
        $"./build.sh flood --rate {Rate}",
        IsAtOnce ? "--at-once" : $"--turns {Turns}",
        .. IsQuick ? (string[])["--quick"] : [],
        .. IsFirst ? (string[])["--first"] : [],
        .. Only.Length > 0 ? (string[])[$"--only {Only}"] : [],
        .. Program.Length > 0 ? (string[])[$"--program {Program}"] : [],
    ]);

    /// <summary>Reads the words behind the program's name.</summary>
    /// <exception cref="LabException">One of them is not known, or lacks its value.</exception>
    public static FloodOptions Parse(params IReadOnlyList<string> words)
    {
        var options = new FloodOptions();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            options = word switch
            {
                "--help" or "-h" => options with { IsHelp = true },
                "--quick" => options with { IsQuick = true, Turns = 1 },
                "--turns" => options with { Turns = Number(word, Value(words, ref i), 1, 100) },
                "--rate" => options with { Rate = Number(word, Value(words, ref i), 1000, 1_000_000) },
                "--only" => options with { Only = Letters(Value(words, ref i)) },
                "--at-once" => options with { IsAtOnce = true },
                "--first" => options with { IsFirst = true },
                "--program" => options with { Program = Value(words, ref i) },
                _ => throw new LabException($"unknown option {word}: see ./build.sh flood --help"),
            };
        }

        return options;
    }

    private static string Value(IReadOnlyList<string> words, ref int i)
    {
        string option = words[i];
        return ++i < words.Count ? words[i] : throw new LabException($"{option} needs a value: see ./build.sh flood --help");
    }

    private static string Letters(string value) => value.All(static letter => FloodKind.All.Any(kind => kind.Letter == letter))
        ? value
        : throw new LabException($"--only {value}: not letters of floods ({string.Concat(FloodKind.All.Select(static kind => kind.Letter))})");

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new LabException($"{name} {value}: not a whole number from {least} to {most}");
}
