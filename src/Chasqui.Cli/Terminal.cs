using System.Text;
using Chasqui.Core.Config;
using Chasqui.Linux.Processes;

namespace Chasqui.Cli;

/// <summary>What a command reads and writes; a test gives it strings instead.</summary>
/// <remarks>The process's own streams are opened when they are first used: most commands need one of the three.</remarks>
internal sealed class Terminal
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly bool? _isOutputWorldAccessible;
    private readonly TextWriter? _error;

    /// <summary>A terminal of other streams.</summary>
    /// <param name="input">What is read.</param>
    /// <param name="output">What was asked for, and nothing else.</param>
    /// <param name="error">Everything said to a person.</param>
    /// <param name="isOutputWorldAccessible">Whether output is a file that others may read or write.</param>
    internal Terminal(TextReader input, TextWriter output, TextWriter error, bool isOutputWorldAccessible)
    {
        Input = input;
        Output = output;
        _error = error;
        Error = new PlainWriter(error);
        _isOutputWorldAccessible = isOutputWorldAccessible;
    }

    private Terminal()
    {
    }

    /// <summary>The process's own streams.</summary>
    internal static Terminal System { get; } = new();

    /// <summary>Standard input.</summary>
    internal TextReader Input
    {
        // Byte for byte: what is no ASCII is no key either.
        get => field ??= new StreamReader(new StandardStream(StandardStream.Input), Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
    }

    /// <summary>Standard output: what was asked for, and nothing else.</summary>
    internal TextWriter Output
    {
        get => field ??= new StreamWriter(new StandardStream(StandardStream.Output), Utf8) { AutoFlush = true };
    }

    /// <summary>Standard error: everything said to a person, plain text whatever it quotes.</summary>
    internal TextWriter Error
    {
        get => field ??= new PlainWriter(new StreamWriter(new StandardStream(StandardStream.Error), Utf8) { AutoFlush = true });
    }

    /// <summary>Standard output for a command that shows a person what files and machines say; not for what another program is to read.</summary>
    internal TextWriter PlainOutput => new PlainWriter(Output);

    /// <summary>Whether standard output is a file that others may read or write.</summary>
    internal bool IsOutputWorldAccessible => _isOutputWorldAccessible ?? IsWorldAccessible("/proc/self/fd/1");

    /// <summary>Whether standard output is a terminal.</summary>
    internal bool IsOutputTerminal => _isOutputWorldAccessible is null && StandardStream.IsTerminal(StandardStream.Output);

    /// <summary>Writes UTF-8 to standard output, past the writer's conversions.</summary>
    internal void WriteOutput(ReadOnlySpan<byte> utf8) => Write(utf8, StandardStream.Output);

    /// <summary>Writes bytes to standard error: what stock echoes need not be UTF-8. On a terminal they cannot drive it.</summary>
    internal void WriteError(ReadOnlySpan<byte> bytes)
    {
        bool isTerminal = _isOutputWorldAccessible is null && StandardStream.IsTerminal(StandardStream.Error);
        Write(isTerminal ? Encoding.UTF8.GetBytes(ConfigException.Plain(Encoding.UTF8.GetString(bytes))) : bytes, StandardStream.Error);
    }

    /// <summary>Writes what is meant to drive a terminal, a QR code's colours, to standard error.</summary>
    internal void Draw(string text) => Write(Encoding.UTF8.GetBytes(text), StandardStream.Error);

    private void Write(ReadOnlySpan<byte> bytes, int fd)
    {
        if (_isOutputWorldAccessible is null)
        {
            using StandardStream stream = new(fd);
            stream.Write(bytes);
        }
        else
        {
            (fd == StandardStream.Output ? Output : _error!).Write(Encoding.UTF8.GetString(bytes));
        }
    }

    private static bool IsWorldAccessible(string descriptor)
    {
        try
        {
            // Pipes and sockets have no path; terminals and /dev/null are no files to keep a key in.
            string? path = File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName;
            return path is not null && File.Exists(path) && !path.StartsWith("/dev/", StringComparison.Ordinal)
                && (File.GetUnixFileMode(path) & Others) != 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
