using Chasqui.Core;

namespace Chasqui.Cli.Commands.Live;

/// <summary>What the person has chosen: a peer, an order, a pause.</summary>
internal sealed class WatchView
{
    /// <summary>The order of the peers.</summary>
    internal PeerOrder Order { get; private set; }

    /// <summary>Which line of the peers is chosen, from 0.</summary>
    internal int Selected { get; private set; }

    /// <summary>Whether the numbers stand still.</summary>
    internal bool IsPaused { get; private set; }

    /// <summary>Whether the person wants to leave.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>How many interfaces to go on by: Tab.</summary>
    internal int TakeSteps()
    {
        int steps = _steps;
        _steps = 0;
        return steps;
    }

    private int _steps;

    /// <summary>Takes what was typed. What is no key of ours does nothing.</summary>
    internal void Type(ReadOnlySpan<byte> keys)
    {
        while (!keys.IsEmpty)
        {
            keys = keys[TypeOne(keys)..];
        }
    }

    /// <summary>The peers in the order that was chosen; the choice stays within them.</summary>
    internal IReadOnlyList<PeerStatus> Sort(WatchSubject subject)
    {
        IReadOnlyList<PeerStatus> peers = subject.History.Latest?.Peers ?? [];
        Selected = Math.Clamp(Selected, 0, Math.Max(0, peers.Count - 1));
        return Order switch
        {
            PeerOrder.Added => peers,
            PeerOrder.Rate => [.. peers.OrderByDescending(peer => subject.History.Of(peer.PublicKey) is var rates ? rates.ReceivedNow + rates.SentNow : 0)],
            PeerOrder.Name => [.. peers.OrderBy(peer => subject.Titles.Of(peer.PublicKey), StringComparer.OrdinalIgnoreCase)],
            _ => [.. peers.OrderByDescending(WatchWords.IsTroubled).ThenBy(static peer => peer.LastHandshakeUnixNanoseconds)],
        };
    }

    private int TypeOne(ReadOnlySpan<byte> keys)
    {
        switch (keys)
        {
            case [0x1B, (byte)'[' or (byte)'O', var arrow, ..]: // ECMA-48: cursor keys
                Selected += arrow == 'A' ? -1 : arrow == 'B' ? 1 : 0;
                return 3;
            case [(byte)'q' or (byte)'Q' or 3 or 4, ..]: // Ctrl-C, Ctrl-D
                IsOver = true;
                return 1;
            case [(byte)'k', ..]:
                Selected--;
                return 1;
            case [(byte)'j', ..]:
                Selected++;
                return 1;
            case [(byte)'s', ..]:
                Order = (PeerOrder)(((int)Order + 1) % ((int)PeerOrder.Trouble + 1));
                return 1;
            case [(byte)'p' or (byte)' ', ..]:
                IsPaused = !IsPaused;
                return 1;
            case [(byte)'\t', ..]:
                _steps++;
                return 1;
            default:
                return 1;
        }
    }
}
