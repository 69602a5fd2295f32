using Chasqui.Core;

namespace Chasqui.Cli.Commands.Live;

/// <summary>The last rates of one peer in bytes a second, oldest first.</summary>
internal sealed class PeerRates
{
    private readonly List<double> _received = [];
    private readonly List<double> _sent = [];
    private ulong _receivedBytes;
    private ulong _sentBytes;
    private bool _isKnown;

    /// <summary>Of a peer of which nothing is known.</summary>
    internal static PeerRates None { get; } = new();

    internal ReadOnlySpan<double> Received => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);

    internal ReadOnlySpan<double> Sent => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_sent);

    /// <summary>The latest rates; 0 before there are two counts.</summary>
    internal double ReceivedNow => _received.Count > 0 ? _received[^1] : 0;

    internal double SentNow => _sent.Count > 0 ? _sent[^1] : 0;

    /// <summary>Adds a count.</summary>
    /// <param name="peer">The counters.</param>
    /// <param name="seconds">Since the count before; 0 if there was none.</param>
    internal void Add(PeerStatus peer, double seconds)
    {
        // Counters that have gone back are those of a peer, or a daemon, that was made anew.
        if (_isKnown && seconds > 0 && peer.ReceivedBytes >= _receivedBytes && peer.SentBytes >= _sentBytes)
        {
            Push(_received, (peer.ReceivedBytes - _receivedBytes) / seconds);
            Push(_sent, (peer.SentBytes - _sentBytes) / seconds);
        }

        _isKnown = true;
        _receivedBytes = peer.ReceivedBytes;
        _sentBytes = peer.SentBytes;
    }

    private static void Push(List<double> rates, double rate)
    {
        if (rates.Count == WatchHistory.Length)
        {
            rates.RemoveAt(0);
        }

        rates.Add(rate);
    }
}
