using Chasqui.Core.Config;

namespace Chasqui.Core.Checks;

/// <summary>A configuration to be checked.</summary>
public sealed record CheckSubject
{
    /// <summary>The text, as <see cref="ConfEncoding.Decode"/> gives it.</summary>
    public required string Text { get; init; }

    /// <summary>The file's name for messages, with or without folders; null for a text that is in no file.</summary>
    public string? File { get; init; }

    /// <summary>Who may read and write the file; null if nobody knows.</summary>
    public CheckFileFacts? Facts { get; init; }

    /// <summary>Finds the ports of service names; null knows none.</summary>
    public ServiceResolver? Services { get; init; }

    /// <summary>Whether a routing table has that name; null takes every name for one.</summary>
    public Func<string, bool>? IsTableName { get; init; }
}
