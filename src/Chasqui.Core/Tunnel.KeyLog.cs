using System.Buffers;
using Chasqui.Core.Diagnostics;

namespace Chasqui.Core;

/// <summary>The keys of handshakes, for an owner who wants to read what he captures.</summary>
public sealed partial class Tunnel
{
    // A handshake with each of thousands of peers at once would be a flood.
    private const int MostRenewedSessions = 64;

    // Guarded by _control; there only while somebody asks for it.
    private KeyLog? _keyLog;

    /// <summary>Begins to keep the keys of handshakes for one owner, tells it in the journal, and begins sessions anew, so that they can be read.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="duration">How long at most.</param>
    /// <returns>For <see cref="TryTakeKeys"/> and <see cref="EndKeyLog"/>; null while keys are kept for another.</returns>
    public KeyLog? BeginKeyLog(Instant now, TimeSpan duration)
    {
        lock (_control)
        {
            if (IsRecordingKeys(now))
            {
                return null;
            }

            _keyLog = new KeyLog(now + duration, _guard);
            Journal.Add(new TunnelEvent { Kind = TunnelEventKind.KeyLogBegan, At = now, Number = (long)duration.TotalSeconds });
            RenewSessions(now);
            return _keyLog;
        }
    }

    /// <summary>Writes the keys that were kept since the last time.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="log">What <see cref="BeginKeyLog"/> returned.</param>
    /// <param name="output">Receives lines of ASCII with private keys; the caller zeroes them after use.</param>
    /// <returns><see langword="false"/> if its time is over.</returns>
    public bool TryTakeKeys(Instant now, KeyLog log, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        lock (_control)
        {
            if (!IsRecordingKeys(now) || _keyLog != log)
            {
                return false;
            }

            _keyLog.TakeTo(_identity?.PrivateKey, output);
            return true;
        }
    }

    /// <summary>Forgets the keys that were kept, and keeps no more. A log that has ended already stays so.</summary>
    public void EndKeyLog(Instant now, KeyLog log)
    {
        lock (_control)
        {
            if (_keyLog is not null && _keyLog == log)
            {
                EndKeyLogLocked(now);
            }
        }
    }

    /// <summary>Whether keys are kept; a log whose time is over ends here.</summary>
    private bool IsRecordingKeys(Instant now)
    {
        if (_keyLog is { } log && now >= log.Until)
        {
            EndKeyLogLocked(now);
        }

        return _keyLog is not null;
    }

    private void EndKeyLogLocked(Instant now)
    {
        _keyLog!.Clear();
        _keyLog = null;
        Journal.Add(new TunnelEvent { Kind = TunnelEventKind.KeyLogEnded, At = now });
    }

    /// <summary>Keeps the keys of a handshake whose message is about to be sent. The control lock is held.</summary>
    private void NoteKeys(Peer peer, Instant now)
    {
        if (_keyLog is not null && IsRecordingKeys(now))
        {
            _keyLog.Add(peer.PublicKey, peer.Handshake.EphemeralPrivate, peer.Handshake.PresharedKey);
        }
    }

    private void RenewSessions(Instant now)
    {
        int renewed = 0;
        for (LinkedListNode<Peer>? node = _peers.First; node is not null && renewed < MostRenewedSessions && _isUp; node = node.Next)
        {
            Peer peer = node.Value;
            lock (peer.Gate)
            {
                if (peer.Keypairs.Current is { } current && current.CanSend(now, packets: 1))
                {
                    QueueInitiation(peer, now, isRetry: false);
                    ScheduleLocked(peer);
                    renewed++;
                }
            }
        }
    }
}
