using System.Security.Cryptography;
using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Names;
using Chasqui.Quick;

namespace Chasqui.Provision;

/// <summary>One change of an interface's peers: in its file, and on the interface if it runs. All of it is done, or nothing.</summary>
/// <remarks>
/// Holds the folder's lock from opening to disposal, so that two changes at once do not choose the same address. Every step is told as the
/// command that does the same. Works in the calling thread's network namespace. Threads: one.
/// </remarks>
public sealed partial class PeerEdit : IDisposable
{
    private readonly FolderLock _lock;
    private readonly QuickFile _file;
    private readonly RunningHub _running;
    private readonly TextWriter _log;
    private readonly Action<string>? _beforeStep;

    private PeerEdit(FolderLock folder, QuickFile file, HubConf hub, RunningHub running, TextWriter log, Action<string>? beforeStep)
    {
        _lock = folder;
        _file = file;
        Hub = hub;
        _running = running;
        _log = log;
        _beforeStep = beforeStep;
    }

    /// <summary>The file.</summary>
    public HubConf Hub { get; }

    /// <summary>The file's path, symbolic links followed.</summary>
    public string Path => _file.Path;

    /// <summary>The interface's name.</summary>
    public string InterfaceName => _file.InterfaceName;

    /// <summary>The interface as it runs; null if it does not, or not under a daemon with a control socket.</summary>
    public DeviceSnapshot? Running => _running.Snapshot;

    /// <summary>The interface's public key.</summary>
    /// <exception cref="ConfigException">The file has no private key.</exception>
    public PublicKey PublicKey => Hub.PrivateKey is { IsZero: false } key
        ? key.DerivePublicKey()
        : throw new ConfigException(Path, 0, ConfKeys.PrivateKey, "the interface has no private key; make one with `chasqui genkey'.");

    /// <summary>The UDP port of the interface: the file's, else the running one; 0 if neither says.</summary>
    public ushort ListenPort => Hub.ListenPort != 0 ? Hub.ListenPort : Running?.ListenPort ?? 0;

    /// <summary>What peers have, in the file or on the running interface.</summary>
    public IEnumerable<IpPrefix> TakenPrefixes =>
        Hub.TakenPrefixes().Concat(Running?.Peers.SelectMany(static peer => peer.AllowedIps) ?? []);

    /// <summary>Opens the file of an argument, an interface's name or a path, for one change.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="log">Where the steps are told.</param>
    /// <exception cref="QuickException">There is none, it is not ours, or what runs under its name is something else.</exception>
    /// <exception cref="ConfigException">A value in it is wrong.</exception>
    public static PeerEdit Open(string argument, TextWriter log) => Open(argument, log, beforeStep: null);

    /// <summary>The same; each step's words are told before it is done, and what is thrown then is that step's failure.</summary>
    internal static PeerEdit Open(string argument, TextWriter log, Action<string>? beforeStep)
    {
        ArgumentNullException.ThrowIfNull(argument);
        ArgumentNullException.ThrowIfNull(log);

        // Read once to find the folder, and again when nobody else can be in the middle of a change.
        FolderLock folder = TakeLock(QuickFile.Load(argument).Path);
        HubConf? hub = null;
        RunningHub? running = null;
        try
        {
            QuickFile file = QuickFile.Load(argument);
            hub = HubConf.Parse(file.Text, file.Path, Options);
            running = RunningHub.Open(file);
            var edit = new PeerEdit(folder, file, hub, running, log, beforeStep);
            edit.CheckRunning();
            return edit;
        }
        catch
        {
            running?.Dispose();
            hub?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _running.Dispose();
        Hub.Dispose();
        _lock.Dispose();
    }

    private static TimeSpan NamePatience => TimeSpan.FromSeconds(3);

    private static WgConfOptions Options => new() { Services = EndpointLookup.FindPort };

    private static FolderLock TakeLock(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(path)!;
        try
        {
            return FolderLock.Take(folder);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EAGAIN)
        {
            throw new QuickException($"another change of a file in {folder} has not ended for ten seconds. Try again when it has", exception);
        }
    }

    private void CheckRunning()
    {
        if (Running is { PrivateKey: { } running } && !(Hub.PrivateKey?.FixedTimeEquals(running) ?? false))
        {
            throw new QuickException(
                $"`{InterfaceName}' runs with another private key than {Path} has. Bring them together first, with `down' and `up'");
        }

        if (_running.IsOutOfReach)
        {
            _log.WriteLine($"[!] `{InterfaceName}' has no control socket: only its file changes, and `wg syncconf' tells the interface");
        }
    }

    private QuickTransaction Begin() => new(_log, _beforeStep);

    /// <summary>Replaces the file by the edited document, once that is known to be one that stock tools take.</summary>
    private void WriteFile(QuickTransaction steps, string words)
    {
        string text = Hub.Document.ToString();
        steps.Do(
            words,
            "",
            () =>
            {
                HubConf.Parse(text, Path, Options).Dispose();
                Replace(text);
            },
            $"write {Path} as it was",
            () => Replace(_file.Text));
    }

    private void Replace(string text)
    {
        byte[] content = ConfEncoding.Encode(text);
        try
        {
            AtomicFile.Write(Path, content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
