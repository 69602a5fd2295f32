using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Quick;

/// <summary>A configuration file as it was opened: its text, and who else could have written it.</summary>
/// <remarks>All of it is asked of one descriptor, so that what is known is known of the text. The text holds the private key.</remarks>
internal sealed class ConfFile
{
    private const UnixFileMode OfOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const int MaxLengthBytes = 16 << 20;

    private ConfFile(InputFile file, string path, string text)
    {
        RealPath = file.RealPath;
        Text = text;
        IsOnlyRoots = file.IsOnlyRoots;
        UnixFileMode folder = File.GetUnixFileMode(Path.GetDirectoryName(RealPath) ?? path);
        IsWorldAccessible = (file.Status.Mode & folder & OfOthers) != 0;
    }

    /// <summary>The file itself, symbolic links followed.</summary>
    internal string RealPath { get; }

    /// <summary>The whole text; see <see cref="ConfEncoding"/> for bytes that are none.</summary>
    internal string Text { get; }

    /// <summary>Whether nobody but root can write it or put another one in its place, anywhere along its path.</summary>
    internal bool IsOnlyRoots { get; }

    /// <summary>Whether others than its owner and group may do anything with it.</summary>
    internal bool IsWorldAccessible { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="argument">What a person wrote to mean it.</param>
    /// <exception cref="QuickException">There is none, it is not ours to read, or it is too long to be one.</exception>
    internal static ConfFile Read(string path, string argument)
    {
        try
        {
            using InputFile file = InputFile.Open(path);
            return new ConfFile(file, path, ReadText(file, path));
        }
        catch (LinuxException exception) when (exception.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            bool isNameOfFile = path != argument && argument.EndsWith(QuickConfName.Extension, StringComparison.Ordinal);
            string what = isNameOfFile ? $"`{argument}' does not exist, nor does `{path}'" : $"`{path}' does not exist";
            throw new QuickException($"{what}. Give an interface whose file is in {QuickConfName.Directory}, or a file's path", exception);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new QuickException($"`{path}' is not readable. Run this as root", exception);
        }
    }

    private static string ReadText(InputFile file, string path)
    {
        using SecretBuffer bytes = new();
        for (int read = 1; read > 0; bytes.Advance(read))
        {
            read = file.Read(bytes.GetSpan());
            if (bytes.Length > MaxLengthBytes)
            {
                throw new QuickException($"`{path}' has more than 16 MiB, which no configuration has. Give another file");
            }
        }

        return ConfEncoding.Decode(bytes.WrittenSpan);
    }
}
