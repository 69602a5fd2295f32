using Chasqui.Compare.Report;

namespace Chasqui.Siege.Flood;

/// <summary>What the documents take.</summary>
internal sealed record FloodResult
{
    /// <summary>When it began, UTC.</summary>
    public required string Date { get; init; }

    /// <summary>What repeats it.</summary>
    public required string Command { get; init; }

    /// <summary>Where.</summary>
    public required Machine Machine { get; init; }

    /// <summary>How the flooder's own work is kept apart.</summary>
    public required string Separation { get; init; }

    /// <summary>The daemons.</summary>
    public required IReadOnlyList<FloodedProgram> Programs { get; init; }

    /// <summary>The figures as a table in Markdown.</summary>
    public required IReadOnlyList<string> Table { get; init; }
}
