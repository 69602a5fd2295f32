using System.Globalization;
using Chasqui.Compare;

namespace Chasqui.Siege.Soak;

/// <summary>What the command line of a soak asks for.</summary>
internal sealed record SoakOptions
{
    /// <summary>The page that --help prints.</summary>
    public const string Help = """
        usage: ./build.sh soak [SECONDS] [OPTION...]

        Two daemons of ours with a bad line between them: datagrams are lost, overtaken, doubled, altered and replayed, and the client's
        address changes all the time; peers are removed and added, keys changed, links and ports too. TCP transfers must arrive whole, memory,
        descriptors and threads must not grow, and the daemons' counters must be the kernel's. Needs root. Takes ten minutes if not told.

          --rate MBIT         of the transfers, so that others have the machine too (default 16)
          --disturb SECONDS   between two disturbances (default 10)
          --seed N            of what happens to datagrams (default 1)
          --out DIR           results.json and soak.json there, and nothing below docs (default artifacts/soak, and docs/security/soak.json
                              if it took ten minutes or more)
          --help              this page

        environment
          CHASQUI             a binary to take, instead of publishing one
        """;

    private const int DocumentedSeconds = 600;

    /// <summary>Whether to print <see cref="Help"/> and do nothing.</summary>
    public bool IsHelp { get; init; }

    /// <summary>How long.</summary>
    public int Seconds { get; init; } = DocumentedSeconds;

    /// <summary>Megabits a second of the transfers.</summary>
    public int Rate { get; init; } = 16;

    /// <summary>Seconds between two disturbances.</summary>
    public int Disturb { get; init; } = 10;

    /// <summary>Of what happens to datagrams.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The folder for results; null for the repository's.</summary>
    public string? Out { get; init; }

    /// <summary>Whether the results are for the documents.</summary>
    public bool IsDocumented => Out is null && Seconds >= DocumentedSeconds;

    /// <summary>The command that asks for the same.</summary>
    public string Command => $"./build.sh soak {Seconds} --rate {Rate} --disturb {Disturb} --seed {Seed}";

    /// <summary>Reads the words behind the program's name.</summary>
    /// <exception cref="LabException">One of them is not known, or lacks its value.</exception>
    public static SoakOptions Parse(params IReadOnlyList<string> words)
    {
        var options = new SoakOptions();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            options = word switch
            {
                "--help" or "-h" => options with { IsHelp = true },
                "--rate" => options with { Rate = Number(word, Value(words, ref i), 1000) },
                "--disturb" => options with { Disturb = Number(word, Value(words, ref i), 3600) },
                "--seed" => options with { Seed = Number(word, Value(words, ref i), int.MaxValue) },
                "--out" => options with { Out = Value(words, ref i) },
                _ when !word.StartsWith('-') => options with { Seconds = Number("SECONDS", word, 1_000_000) },
                _ => throw new LabException($"unknown option {word}: see ./build.sh soak --help"),
            };
        }

        return options;
    }

    private static string Value(IReadOnlyList<string> words, ref int i)
    {
        string option = words[i];
        return ++i < words.Count ? words[i] : throw new LabException($"{option} needs a value: see ./build.sh soak --help");
    }

    private static int Number(string name, string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw new LabException($"{name} {value}: not a whole number from 1 to {most}");
}
