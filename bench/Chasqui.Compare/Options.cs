using System.Globalization;

namespace Chasqui.Compare;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    /// <summary>The page that --help prints.</summary>
    public const string Help = """
        usage: ./build.sh bench [OPTION...]

          --quick             the ratios against wireguard-go in two minutes; writes no documents
          --diagnostics       the same daemon with and without its counters and events, in turn: the ratio of each round, and
                              their spread; seven rounds unless told otherwise; writes no documents
          --rounds N          how often each contender is measured, in turn (default 3)
          --duration SECONDS  of one TCP transfer (default 4)
          --only NAME,...     these contenders alone; writes no documents
          --measures NAME,... these measures alone; writes no documents
          --list              the names of contenders and measures, and which are absent
          --render            docs/performance.md and its charts again, from the last whole run
          --help              this page

        environment
          CHASQUI, WIREGUARD_GO  binaries to measure instead of ours and of Debian's newest

        All numbers go to artifacts/bench/results.json (partial.json if not everything was measured).
        """;

    /// <summary>Whether to print <see cref="Help"/> and do nothing.</summary>
    public bool IsHelp { get; init; }

    /// <summary>Whether only to list what there is.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether to write the documents again without measuring.</summary>
    public bool IsRender { get; init; }

    /// <summary>Whether two minutes must do.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Whether it is asked what counters and events cost.</summary>
    public bool IsDiagnostics { get; init; }

    /// <summary>Rounds.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Seconds of a TCP transfer.</summary>
    public int Duration { get; init; } = 4;

    /// <summary>Contenders' names; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Measures' names; empty for all.</summary>
    public IReadOnlyList<string> Measures { get; init; } = [];

    /// <summary>Whether everything is measured, so that documents can be made from it.</summary>
    public bool IsWhole => !IsQuick && !IsDiagnostics && Only.Count == 0 && Measures.Count == 0;

    /// <summary>The command that asks for the same.</summary>
    public string Command => string.Join(' ', [
        "./build.sh bench",
        .. IsQuick ? (string[])["--quick"] : [],
        .. IsDiagnostics ? (string[])["--diagnostics"] : [],
        $"--rounds {Rounds} --duration {Duration}",
        .. Only.Count > 0 ? (string[])[$"--only {string.Join(',', Only)}"] : [],
        .. Measures.Count > 0 ? (string[])[$"--measures {string.Join(',', Measures)}"] : [],
    ]);

    /// <summary>Reads the words behind the program's name.</summary>
    /// <exception cref="LabException">One of them is not known, or lacks its value.</exception>
    public static Options Parse(params IReadOnlyList<string> words)
    {
        Options options = words.Contains("--quick") ? new Options { IsQuick = true, Duration = 2 }
            : words.Contains("--diagnostics") ? new Options { IsDiagnostics = true, Rounds = 7 }
            : new Options();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            options = word switch
            {
                "--help" or "-h" => options with { IsHelp = true },
                "--list" => options with { IsList = true },
                "--render" => options with { IsRender = true },
                "--quick" when options.IsQuick => options,
                "--diagnostics" when options.IsDiagnostics => options,
                "--quick" or "--diagnostics" => throw new LabException($"{word}: --quick and --diagnostics measure different things; give one of them"),
                "--rounds" => options with { Rounds = Number(words, ref i, 100) },
                "--duration" => options with { Duration = Number(words, ref i, 600) },
                "--only" => options with { Only = Names(words, ref i) },
                "--measures" => options with { Measures = Names(words, ref i) },
                _ => throw new LabException($"unknown option {word}: see ./build.sh bench --help"),
            };
        }

        return options;
    }

    private static string Value(IReadOnlyList<string> words, ref int i)
    {
        string option = words[i];
        return ++i < words.Count ? words[i] : throw new LabException($"{option} needs a value: see ./build.sh bench --help");
    }

    private static int Number(IReadOnlyList<string> words, ref int i, int most)
    {
        string option = words[i], value = Value(words, ref i);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw new LabException($"{option} {value}: not a whole number from 1 to {most}");
    }

    private static string[] Names(IReadOnlyList<string> words, ref int i)
    {
        string option = words[i];
        string[] names = Value(words, ref i).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length > 0 ? names : throw new LabException($"{option} needs names, with commas between them");
    }
}
