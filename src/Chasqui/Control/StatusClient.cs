using System.Diagnostics.CodeAnalysis;
using System.Text;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Control;

/// <summary>Asks a running daemon of ours for its state and its events, and changes it, through the control socket of its own.</summary>
/// <remarks>Threads: any; each call has a connection of its own. Source: docs/control.md.</remarks>
public sealed class StatusClient
{
    private const string SocketSuffix = ".sock";

    // A daemon that is alive answers at once; one with a million peers in a few seconds.
    private const int TimeoutMilliseconds = 30_000;

    private readonly string _directory;

    /// <summary>A client of the sockets in <c>/var/run/chasqui</c>.</summary>
    public StatusClient()
        : this(ControlProtocol.SocketDirectory)
    {
    }

    /// <summary>A client of the sockets in another directory.</summary>
    public StatusClient(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = directory;
    }

    /// <summary>Reads an interface's state and evidence.</summary>
    /// <returns>
    /// <see langword="false"/> if no daemon of ours serves it, it is not ours to ask, or its answer is none; <see cref="Read"/> says which.
    /// </returns>
    public bool TryRead(string interfaceName, [NotNullWhen(true)] out TunnelStatus? status)
    {
        try
        {
            status = Read(interfaceName);
        }
        catch (IOException)
        {
            status = null;
        }

        return status is not null;
    }

    /// <summary>Reads an interface's state and evidence.</summary>
    /// <exception cref="LinuxException">
    /// ENOENT or ECONNREFUSED: no daemon of ours serves it. EACCES: it takes root, or the group <c>chasqui</c>. ETIMEDOUT and the like.
    /// </exception>
    /// <exception cref="ControlException">The answer is none.</exception>
    public TunnelStatus Read(string interfaceName)
    {
        using UnixStream stream = Connect(interfaceName);
        stream.Write("{\"verb\":\"status\"}\n"u8);
        return new AnswerReader(stream).ReadStatus();
    }

    /// <summary>Follows an interface's events: those that are left of the past, and those to come.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="from">The number of the first to tell; 0 for all that are left, null for those to come only.</param>
    /// <exception cref="LinuxException">As of <see cref="Read"/>.</exception>
    public EventFollower Follow(string interfaceName, long? from)
    {
        UnixStream stream = Connect(interfaceName);
        try
        {
            string first = from is { } number ? $",\"from\":{number}" : "";
            stream.Write(Encoding.ASCII.GetBytes($"{{\"verb\":\"events\",\"follow\":true{first}}}\n"));
            return new EventFollower(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Changes an interface, whole or not at all.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="change">The change; without keys that are secret, and without <see cref="DeviceChange.ReplacePeers"/>.</param>
    /// <exception cref="LinuxException">As of <see cref="Read"/>.</exception>
    /// <exception cref="ControlException">The daemon has refused it; nothing has changed.</exception>
    /// <exception cref="ArgumentException">The change has a secret, or replaces all peers: that takes UAPI.</exception>
    public void Set(string interfaceName, DeviceChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        byte[] request = ChangeWriter.Write(change);
        using UnixStream stream = Connect(interfaceName);
        stream.Write(request);
        new AnswerReader(stream).ReadDone();
    }

    private UnixStream Connect(string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        string path = $"{_directory}/{interfaceName}{SocketSuffix}";
        if (interfaceName.Contains('/'))
        {
            throw new LinuxException("connect", path, Errno.ENOENT);
        }

        UnixStream stream = UnixStream.Connect(path);
        stream.ReadTimeout = TimeoutMilliseconds;
        stream.WriteTimeout = TimeoutMilliseconds;
        return stream;
    }
}
