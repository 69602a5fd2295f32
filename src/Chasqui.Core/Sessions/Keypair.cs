using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Sessions;

/// <summary>One session's two transport keys, with the counters and limits that go with them.</summary>
/// <remarks>
/// Threads: <see cref="Seal"/> and <see cref="Open"/> are pure and may run on several threads at once, each between
/// <see cref="TryAcquire"/> and <see cref="Release"/>; everything else is guarded by the peer's gate. The keys are zeroed
/// when the pair is retired and the last user has released it, so that nobody ever seals or opens under a zeroed key.
/// Source: whitepaper sections 5.4.5, 5.4.6 and 6.
/// </remarks>
public sealed partial class Keypair : IDisposable
{
    private const int RetiredBit = 1 << 30;

    private readonly PacketAead _sending;
    private readonly PacketAead _receiving;
    private int _users;

    internal Keypair(
        ReadOnlySpan<byte> sendingKey, ReadOnlySpan<byte> receivingKey, SessionIndex local, SessionIndex remote, bool isInitiator, Instant birth)
    {
        _sending = new PacketAead(sendingKey);
        _receiving = new PacketAead(receivingKey);
        Local = local;
        Remote = remote;
        IsInitiator = isInitiator;
        Birth = birth;
    }

    /// <summary>Our index: the receiver field of what the peer sends.</summary>
    internal SessionIndex Local { get; }

    /// <summary>The peer's index: the receiver field of what we send.</summary>
    public SessionIndex Remote { get; }

    /// <summary>Whether we sent the initiation; only the initiator renews a session by its age.</summary>
    internal bool IsInitiator { get; }

    /// <summary>When the keys were derived.</summary>
    internal Instant Birth { get; }

    /// <summary>The next counter to send. Guarded by the peer's gate.</summary>
    internal ulong SendCounter { get; set; }

    /// <summary>Whether the pair may still send; cleared for good by expiry or a change of our key.</summary>
    internal bool IsSendingValid { get; set; } = true;

    /// <summary>Counters seen. Guarded by the peer's gate.</summary>
    internal ReplayWindow Replay { get; } = new();

    /// <summary>Whether a message with the last counter there is was accepted: then the pair takes none, not even an older one.</summary>
    internal bool HasReceivedItsLast => Replay.Next >= ProtocolConstants.RejectAfterMessages;

    /// <summary>Has the keys' memory guarded.</summary>
    internal void Guard(ISecretGuard? guard)
    {
        if (guard is not null)
        {
            _sending.Guard(guard);
            _receiving.Guard(guard);
        }
    }

    /// <summary>Takes a reference for sealing or opening.</summary>
    /// <returns><see langword="false"/> if the pair is retired.</returns>
    internal bool TryAcquire()
    {
        if ((Interlocked.Increment(ref _users) & RetiredBit) == 0)
        {
            return true;
        }

        Release();
        return false;
    }

    /// <summary>Gives a reference back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == RetiredBit)
        {
            Zero();
        }
    }

    /// <summary>Retires the pair: no new users; the keys are zeroed now, or when the last user has released it.</summary>
    public void Dispose()
    {
        IsSendingValid = false;
        if (Interlocked.Or(ref _users, RetiredBit) == 0)
        {
            Zero();
        }
    }

    /// <summary>Whether a packet may be sent: §6.1 and §6.2, Reject-After-Time and Reject-After-Messages.</summary>
    internal bool CanSend(Instant now, int packets)
    {
        if (!IsSendingValid || now >= Birth + ProtocolConstants.RejectAfterTime
            || SendCounter > ProtocolConstants.RejectAfterMessages - (ulong)packets)
        {
            IsSendingValid = false;
        }

        return IsSendingValid;
    }

    /// <summary>Whether a packet may be accepted: not at or past Reject-After-Time.</summary>
    internal bool CanReceive(Instant now) => now < Birth + ProtocolConstants.RejectAfterTime;

    /// <summary>Seals a batch in place: each text becomes ciphertext, its tag behind it.</summary>
    /// <param name="buffer">The buffer in which all packets lie.</param>
    /// <param name="packets">Where they lie; 16 bytes behind each are overwritten.</param>
    public void Seal(Span<byte> buffer, Span<PacketSlot> packets) => _sending.Seal(buffer, packets);

    /// <summary>Opens a batch in place and marks each packet whether it was authentic.</summary>
    /// <param name="buffer">The buffer in which all packets lie.</param>
    /// <param name="packets">Where the ciphertexts lie, each with its 16-byte tag behind it.</param>
    public void Open(Span<byte> buffer, Span<PacketSlot> packets) => _receiving.Open(buffer, packets);

    private void Zero()
    {
        _sending.Dispose();
        _receiving.Dispose();
    }
}
