using System.Security.Cryptography;
using Chasqui.Core.Config;
using Chasqui.Linux.Processes;
using Chasqui.Quick;

namespace Chasqui.Provision;

/// <summary>Writes the first file of an interface.</summary>
public static class InterfaceFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Writes a file that is not there yet, mode 600, and its folder, mode 700, if need be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="document">What it is to hold.</param>
    /// <exception cref="QuickException">There is such a file, or it cannot be written.</exception>
    public static void Create(string path, ConfDocument document)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(document);
        byte[] content = document.ToBytes();
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            if (!Directory.Exists(folder))
            {
                _ = Directory.CreateDirectory(folder, OwnerOnly);
            }

            AtomicFile.Create(path, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new QuickException(
                File.Exists(path)
                    ? $"{path} exists and stays as it is. Take another interface's name, or move the file away first"
                    : $"{path} cannot be written: {exception.Message.TrimEnd('.')}. Run this as root, or choose another place with -o",
                exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
