using System.Globalization;
using Chasqui.Core.Config;

namespace Chasqui.Core.Checks;

/// <summary>Something in a configuration that does not work, or hardly as it is meant.</summary>
/// <remarks>Never holds the value of a private or preshared key, nor anything that could drive a terminal.</remarks>
public sealed record CheckFinding
{
    internal CheckFinding()
    {
    }

    /// <summary>The file's name, or null.</summary>
    public string? File { get; internal init; }

    /// <summary>The line, from 1; 0 for the whole file.</summary>
    public int Line { get; internal init; }

    /// <summary>How bad it is.</summary>
    public required CheckSeverity Severity { get; init; }

    /// <summary>What it is about.</summary>
    public required CheckRule Rule { get; init; }

    /// <summary>The section, <c>Interface</c> or <c>Peer</c> with its name or public key; null for the whole file.</summary>
    public string? Section { get; internal init; }

    /// <summary>The key, or null.</summary>
    public string? Key { get; internal init; }

    /// <summary>What is wrong, without a full stop.</summary>
    public required string Problem { get; init; }

    /// <summary>What to do, or what becomes of it, without a full stop; null if the problem says it.</summary>
    public string? Remedy { get; internal init; }

    /// <summary><c>FILE:LINE: error: [Section] Key: problem. Remedy.</c></summary>
    public override string ToString()
    {
        string file = File is null ? "" : ConfText.Clean(File, File.Length) + ":";
        string line = Line == 0 ? "" : Line.ToString(CultureInfo.InvariantCulture) + ":";
        string section = Section is null ? "" : $" [{Section}]";
        string key = Key is null ? "" : $" {Key}";
        string end = Problem.EndsWith('?') ? "" : ".";
        string place = section.Length + key.Length == 0 ? "" : $"{section}{key}:";
        return $"{file}{line}{(file.Length + line.Length == 0 ? "" : " ")}{(Severity == CheckSeverity.Error ? "error" : "warning")}:{place} "
            + $"{Problem}{end}{RemedySentence()}";
    }

    private string RemedySentence() =>
        Remedy is not { Length: > 0 } remedy ? "" : $" {char.ToUpperInvariant(remedy[0])}{remedy[1..]}{(remedy.EndsWith('?') ? "" : ".")}";
}
