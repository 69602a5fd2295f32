namespace Chasqui.Cli.Commands;

/// <summary>A file that <c>import</c> is to write.</summary>
internal sealed class ImportedFile(string name, byte[] content)
{
    /// <summary>The interface.</summary>
    internal string Name { get; } = name;

    internal byte[] Content { get; } = content;

    /// <summary>Where it goes.</summary>
    internal string Path { get; set; } = "";
}
