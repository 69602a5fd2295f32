namespace Chasqui.Core.Crypto;

/// <summary>
/// No cipher at all: takes the place of Crypto/PacketAead*.cs when the property ChasquiNullCipher is set, which only
/// "./build.sh bench" does. It shows what everything but the cipher costs. Two such daemons understand each other and nobody else.
/// </summary>
internal sealed class PacketAead : IDisposable
{
    private const int TagLength = ProtocolConstants.TagLength;

    private volatile bool _isDisposed;

    /// <summary>Forgets the key.</summary>
    public PacketAead(ReadOnlySpan<byte> key) => ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, ProtocolConstants.KeyLength);

    /// <summary>The same.</summary>
    internal static PacketAead CreatePortable(ReadOnlySpan<byte> key) => new(key);

    /// <summary>Leaves every text as it is and writes a tag of zeros.</summary>
    public void Seal(Span<byte> buffer, Span<PacketSlot> packets)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (ref PacketSlot packet in packets) buffer.Slice(packet.Offset + packet.Length, TagLength).Clear();
    }

    /// <summary>Takes every packet for authentic.</summary>
    public void Open(Span<byte> buffer, Span<PacketSlot> packets)
    {
        _ = buffer;
        foreach (ref PacketSlot packet in packets) packet.IsAuthentic = !_isDisposed;
    }

    /// <summary>Opens and seals nothing more.</summary>
    public void Dispose() => _isDisposed = true;
}
