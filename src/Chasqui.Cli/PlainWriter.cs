using System.Text;
using Chasqui.Core.Config;

namespace Chasqui.Cli;

/// <summary>Text for a person: whatever is written, a file's name or what an answer of the network says, cannot drive the terminal.</summary>
/// <remarks>Threads: as many as the writer behind it takes.</remarks>
/// <param name="inner">Where it goes.</param>
internal sealed class PlainWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => inner.Write(ConfigException.Plain(value.ToString()));

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(ConfigException.Plain(value ?? ""));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(ConfigException.Plain(value ?? ""));

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
