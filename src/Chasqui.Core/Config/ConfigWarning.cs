namespace Chasqui.Core.Config;

/// <summary>Something in a configuration that is taken, but hardly meant.</summary>
public sealed class ConfigWarning
{
    internal ConfigWarning(string? file, int line, string? key, string reason, ReadOnlyMemory<byte> stockOutput)
    {
        File = file;
        Line = line;
        Key = key;
        Reason = reason;
        StockOutput = stockOutput;
    }

    /// <summary>The file's name, or null.</summary>
    public string? File { get; }

    /// <summary>The line, from 1; 0 for none.</summary>
    public int Line { get; }

    /// <summary>The key, or null.</summary>
    public string? Key { get; }

    /// <summary>One sentence: the value, and what becomes of it.</summary>
    public string Reason { get; }

    /// <summary>What the stock tool writes to standard error, byte for byte; empty where it is silent.</summary>
    public ReadOnlyMemory<byte> StockOutput { get; }

    /// <summary>Place and sentence.</summary>
    public override string ToString() => ConfigException.Place(File, Line, Key) + Reason;
}
