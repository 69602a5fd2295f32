using System.Security.Cryptography;
using Chasqui.Core.Config;
using Chasqui.Core.Uapi;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Control;

/// <summary>Reads and changes running interfaces through their control sockets, whoever runs them.</summary>
/// <remarks>
/// Threads: any, one call at a time each. Errors: <see cref="LinuxException"/> whose number is what stock <c>wg</c> prints the words of.
/// Interfaces of the kernel's own module have no socket and are out of its reach. Source: wireguard-tools ipc-uapi.h, ipc-uapi-unix.h.
/// </remarks>
public sealed class UapiClient
{
    private const string SocketSuffix = ".sock";
    private const string KernelModule = "/sys/module/wireguard";
    private const string KernelLinks = "/sys/class/net/";

    private const int BufferLength = 64 * 1024;

    // A daemon that is alive answers at once; one with a million prefixes in a few seconds.
    private const int TimeoutMilliseconds = 60_000;

    private readonly string _directory;

    /// <summary>A client of the sockets in <c>/var/run/wireguard</c>.</summary>
    public UapiClient()
        : this(UapiServer.SocketDirectory)
    {
    }

    /// <summary>A client of the sockets in another directory.</summary>
    public UapiClient(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = directory;
    }

    /// <summary>Names every interface whose socket is served, in the directory's order. Sockets that nobody serves are removed.</summary>
    /// <exception cref="LinuxException">EACCES: the directory is not ours to read.</exception>
    public IReadOnlyList<string> ListInterfaces()
    {
        List<string> names = [];
        try
        {
            foreach (string path in Directory.EnumerateFileSystemEntries(_directory))
            {
                string file = Path.GetFileName(path);
                if (file.Length > SocketSuffix.Length && file.EndsWith(SocketSuffix, StringComparison.Ordinal) && IsServed(path))
                {
                    names.Add(file[..^SocketSuffix.Length]);
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // No daemon has run since the machine started.
        }
        catch (UnauthorizedAccessException)
        {
            throw new LinuxException("opendir", _directory, Errno.EACCES);
        }

        return names;
    }

    /// <summary>Reads an interface's configuration and state. The caller disposes of it.</summary>
    /// <exception cref="LinuxException">
    /// EPROTONOSUPPORT or ENODEV: there is no such interface; EOPNOTSUPP: there is, and no daemon serves it; EACCES: it is not ours to
    /// read; EPROTO: the answer is none; or the daemon's own reason.
    /// </exception>
    public DeviceSnapshot Get(string interfaceName)
    {
        using UnixStream stream = Connect(interfaceName);
        using SecretBuffer request = new();
        UapiRequestWriter.WriteGet(request);
        Send(stream, request);
        using UapiGetReplyReader reader = new(NetworkInterfaces.FindIndex);
        DeviceSnapshot? snapshot = null;
        int errno = Receive(
            stream,
            (ref bytes, out errno) => reader.TryRead(ref bytes, out snapshot, out errno));
        return snapshot ?? throw new LinuxException("get", interfaceName, -errno);
    }

    /// <summary>Changes an interface.</summary>
    /// <exception cref="LinuxException">As of <see cref="Get"/>; the daemon's reason may be EADDRINUSE, EINVAL and the like.</exception>
    public void Set(string interfaceName, DeviceChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        using UnixStream stream = Connect(interfaceName);
        using SecretBuffer request = new();
        UapiRequestWriter.WriteSet(change, request);
        Send(stream, request);
        UapiSetReplyReader reader = new();
        int errno = Receive(stream, reader.TryRead);
        if (errno != UapiError.None)
        {
            throw new LinuxException("set", interfaceName, -errno);
        }
    }

    /// <summary>Gives an interface the names of endpoints, if its daemon resolves names by itself.</summary>
    /// <param name="interfaceName">The interface, which has been configured already.</param>
    /// <param name="names">What <see cref="WgConf.ToNameChange"/> makes.</param>
    /// <returns>Whether the daemon has taken them. One that does not know them refuses, and nothing has changed.</returns>
    public bool TrySetNames(string interfaceName, DeviceChange names)
    {
        try
        {
            Set(interfaceName, names);
            return true;
        }
        catch (LinuxException)
        {
            return false; // EINVAL or EPROTO of a stock daemon; whatever else it is, the configuration itself has been taken
        }
    }

    /// <summary>Asks for the keys of an interface's handshakes, from the first <see cref="UapiKeyLog.Take"/> on.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="duration">How long at most; an hour is the longest.</param>
    /// <exception cref="LinuxException">As of <see cref="Get"/>.</exception>
    public UapiKeyLog OpenKeyLog(string interfaceName, TimeSpan duration) =>
        new(Connect(interfaceName), interfaceName, (int)Math.Ceiling(duration.TotalSeconds));

    private static void Send(UnixStream stream, SecretBuffer request)
    {
        try
        {
            stream.Write(request.WrittenSpan);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            // The daemon has closed before it read all. It may have answered why, and that is worth more than "broken pipe".
        }
    }

    private static int Receive(UnixStream stream, TryRead tryRead)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferLength, pinned: true);
        int errno = UapiError.Protocol;
        bool isOver = false;
        while (!isOver)
        {
            int length = stream.Read(buffer);
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, length);
            isOver = length == 0 || tryRead(ref bytes, out errno);
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, length));
        }

        return errno;
    }

    private static bool IsServed(string path)
    {
        if (!UnixStream.IsSocket(path))
        {
            return false;
        }

        try
        {
            UnixStream.Connect(path).Dispose();
            return true;
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ECONNREFUSED)
        {
            Remove(path);
            return false;
        }
        catch (LinuxException)
        {
            return true; // somebody is there, and reading will say what is wrong
        }
    }

    /// <summary>Removes the socket of a daemon that is gone.</summary>
    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays for somebody with the right to remove it.
        }
    }

    private UnixStream Connect(string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        string path = $"{_directory}/{interfaceName}{SocketSuffix}";
        if (interfaceName.Contains('/') || !UnixStream.IsSocket(path))
        {
            throw Absent(interfaceName);
        }

        try
        {
            UnixStream stream = UnixStream.Connect(path);
            stream.ReadTimeout = TimeoutMilliseconds;
            stream.WriteTimeout = TimeoutMilliseconds;
            return stream;
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ECONNREFUSED)
        {
            Remove(path);
            throw Absent(interfaceName);
        }
    }

    // The number that stock wg gets from the kernel, which it asks about what has no socket.
    private static LinuxException Absent(string interfaceName)
    {
        bool isLink = interfaceName is not ("" or "." or "..") && !interfaceName.Contains('/') && Directory.Exists(KernelLinks + interfaceName);
        int errno = !Directory.Exists(KernelModule) ? Errno.EPROTONOSUPPORT : isLink ? Errno.EOPNOTSUPP : Errno.ENODEV;
        return new LinuxException("find", interfaceName, errno);
    }

    private delegate bool TryRead(ref ReadOnlySpan<byte> bytes, out int errno);
}
