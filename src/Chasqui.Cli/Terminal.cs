using System.Text;

namespace Chasqui.Cli;

/// <summary>What a command reads and writes; a test gives it strings instead.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output: what was asked for, and nothing else.</param>
/// <param name="Error">Standard error: everything said to a person.</param>
/// <param name="IsOutputWorldAccessible">Whether standard output is a file that others may read or write.</param>
internal sealed record Terminal(TextReader Input, TextWriter Output, TextWriter Error, bool IsOutputWorldAccessible)
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The process's own streams.</summary>
    /// <remarks>Console.In would prepare the terminal for line editing, which a daemon must not and a key command need not.</remarks>
    internal static Terminal OfProcess()
    {
        // Byte for byte: what is no ASCII is no key either.
        var input = new StreamReader(Console.OpenStandardInput(), Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        return new Terminal(input, Console.Out, Console.Error, IsWorldAccessible("/proc/self/fd/1"));
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
