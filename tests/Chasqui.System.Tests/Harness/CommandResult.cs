namespace Chasqui.System.Tests.Harness;

/// <summary>What a finished command answered.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The output's lines without the empty ones.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The whole output without the white space around it.</summary>
    public string Text => Output.Trim();

    public override string ToString() => $"`{CommandLine}` returned {ExitCode}\n{Output}{Error}";
}
