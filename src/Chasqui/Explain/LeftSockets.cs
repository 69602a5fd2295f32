using Chasqui.Control;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Explain;

/// <summary>Control sockets that daemons have left behind because they were killed. Reads only: whoever lists interfaces takes them away.</summary>
public static class LeftSockets
{
    private const string Suffix = ".sock";

    private static readonly string[] Folders = [UapiServer.SocketDirectory, ControlProtocol.SocketDirectory];

    /// <summary>Names the interfaces of which a socket was left, in the order of names.</summary>
    /// <returns>None of what is not ours to read.</returns>
    public static IReadOnlyList<string> ListInterfaces() => ListInterfaces(Folders);

    /// <summary>The socket that the daemon of an interface has left.</summary>
    /// <returns>Its path; null if a daemon serves one of its sockets, or none is there.</returns>
    public static string? Find(string interfaceName) => Find(Folders, interfaceName);

    /// <summary>The same in other folders.</summary>
    internal static IReadOnlyList<string> ListInterfaces(params IReadOnlyList<string> folders)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (string folder in folders)
        {
            try
            {
                names.UnionWith(Directory.EnumerateFiles(folder, "*" + Suffix).Select(static path => Path.GetFileNameWithoutExtension(path)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // No daemon has run since the machine started, or it is not ours to know.
            }
        }

        return [.. names.Where(name => Find(folders, name) is not null)];
    }

    /// <summary>The same in other folders.</summary>
    internal static string? Find(IReadOnlyList<string> folders, string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        string? left = null;
        foreach (string path in folders.Select(folder => $"{folder}/{interfaceName}{Suffix}"))
        {
            if (interfaceName.Contains('/') || !UnixStream.IsSocket(path))
            {
                continue;
            }

            try
            {
                UnixStream.Connect(path).Dispose();
                return null;
            }
            catch (LinuxException exception) when (exception.Errno == Errno.ECONNREFUSED)
            {
                left ??= path;
            }
            catch (LinuxException)
            {
                return null; // somebody is there; reading will say what is wrong
            }
        }

        return left;
    }
}
