using Chasqui.Core;

namespace Chasqui.Cli.Commands.Live;

/// <summary>What is watched: an interface, what its peers are called, and what has been seen of it.</summary>
internal sealed class WatchSubject(string name, PeerTitles titles)
{
    internal string Name => name;

    internal PeerTitles Titles => titles;

    internal WatchHistory History { get; } = new();

    /// <summary>Why the interface could not be read the last time; null if it could.</summary>
    internal string? Failure { get; private set; }

    /// <summary>Reads the interface once more.</summary>
    internal void Update(Func<string, TunnelStatus> read)
    {
        try
        {
            History.Add(read(name));
            Failure = null;
        }
        catch (IOException exception)
        {
            Failure = exception.Message;
        }
    }
}
