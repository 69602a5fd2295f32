using System.Runtime.Intrinsics.X86;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>
/// ChaCha20-Poly1305 as WireGuard's data messages use it, for whole batches of packets under one key, in place.
/// </summary>
/// <remarks>
/// Shape: nonce = four zero bytes and the 64-bit little-endian counter; no associated data; a 16-byte tag behind each text.
/// Threads: any number may seal and open at once; each call works on its own copy of the key.
/// Lifetime: <see cref="Dispose"/> may come at any moment. A call that has begun ends with the key it copied; a later one
/// finds none: <see cref="Seal"/> throws (it must never encrypt under zeros), <see cref="Open"/> finds nothing authentic.
/// Speed: batches of eight or more packets of one size are best; see docs/adr/0002-packet-aead.md.
/// Source: whitepaper section 5.4.6, RFC 8439 section 2.8.
/// </remarks>
internal sealed partial class PacketAead : IDisposable
{
    private const int TagLength = ProtocolConstants.TagLength;
    private const int BlockLength = ChaCha20.BlockLength;

    private readonly byte[] _key; // pinned and owned by the collector: a late reader sees zeros, never freed memory
    private readonly int _vectorBits;
    private volatile bool _isDisposed;

    /// <summary>Copies the key.</summary>
    /// <param name="key">32 bytes; the caller zeroes its own copy.</param>
    public PacketAead(ReadOnlySpan<byte> key) : this(key, WidestVector)
    {
    }

    private PacketAead(ReadOnlySpan<byte> key, int vectorBits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectorBits, WidestVector);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, ProtocolConstants.KeyLength);
        _key = SecretMemory.Copy(key);
        _vectorBits = vectorBits;
    }

    /// <summary>The vectors in use here: of 512 bits (AVX-512), 256 (AVX2), or 0, which is the portable path.</summary>
    internal static int WidestVector => Avx512F.IsSupported ? 512 : Avx2.IsSupported ? 256 : 0;

    /// <summary>The implementation for machines without AVX2, on any machine: for tests and benchmarks.</summary>
    internal static PacketAead CreatePortable(ReadOnlySpan<byte> key) => Create(key, vectorBits: 0);

    /// <summary>The implementation for machines with vectors of 0, 256 or 512 bits, on a machine that has them.</summary>
    internal static PacketAead Create(ReadOnlySpan<byte> key, int vectorBits) => new(key, vectorBits);

    /// <summary>Writes tags under keys given as r and s, 64 bytes apart, one for each 32-bit lane: for tests with hostile keys.</summary>
    internal static void WriteTags(int vectorBits, ReadOnlySpan<byte> keys, Span<byte> buffer, Span<PacketSlot> packets)
    {
        CheckBounds(buffer.Length, packets);
        if (vectorBits == 512) VectorAead<Words512, Sums512>.WriteTags(keys, buffer, packets);
        else VectorAead<Words256, Sums256>.WriteTags(keys, buffer, packets);
    }

    /// <summary>Encrypts each packet in place and writes its tag behind it.</summary>
    /// <param name="buffer">Holds the packets, each with 16 bytes of room behind it.</param>
    /// <param name="packets">
    /// The packets. They and their tags must not overlap, and nobody may change the slots meanwhile; neither is checked.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A packet or its tag is not inside the buffer; nothing is written.</exception>
    /// <exception cref="ObjectDisposedException">The key is gone; nothing is written.</exception>
    public void Seal(Span<byte> buffer, Span<PacketSlot> packets)
    {
        CheckBounds(buffer.Length, packets);
        Span<byte> key = stackalloc byte[ProtocolConstants.KeyLength];
        ObjectDisposedException.ThrowIf(!TryCopyKey(key), this);
        Run(key, buffer, packets, open: false);
        SecretMemory.Zero(key);
    }

    /// <summary>Checks each packet's tag and, only where it is right, decrypts the packet in place.</summary>
    /// <param name="buffer">Holds the packets, each with its tag behind it.</param>
    /// <param name="packets">As for <see cref="Seal"/>; <see cref="PacketSlot.IsAuthentic"/> is set in each.</param>
    /// <exception cref="ArgumentOutOfRangeException">A packet or its tag is not inside the buffer; nothing is written.</exception>
    public void Open(Span<byte> buffer, Span<PacketSlot> packets)
    {
        CheckBounds(buffer.Length, packets);
        Span<byte> key = stackalloc byte[ProtocolConstants.KeyLength];
        if (!TryCopyKey(key))
        {
            foreach (ref PacketSlot packet in packets)
            {
                packet.IsAuthentic = false;
            }

            return;
        }

        Run(key, buffer, packets, open: true);
        SecretMemory.Zero(key);
    }

    /// <summary>Has the key's memory guarded.</summary>
    internal void Guard(ISecretGuard guard) => guard.Guard(_key);

    /// <summary>Zeroes the key. Harmless when repeated, and while other threads seal or open.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        // ORDER: the flag is seen before any zero is, so that a copy taken while the flag was down is the whole key.
        Volatile.WriteBarrier();
        SecretMemory.Zero(_key);
    }

    private bool TryCopyKey(Span<byte> copy)
    {
        _key.CopyTo(copy);
        // ORDER: the key is read before the flag; the other half of Dispose.
        Volatile.ReadBarrier();
        return !_isDisposed;
    }

    private void Run(ReadOnlySpan<byte> key, Span<byte> buffer, Span<PacketSlot> packets, bool open)
    {
        // A lone keepalive or acknowledgement fits one pair of blocks; a pass of vectors would mostly compute what nobody wants.
        // Worth a sixth with AVX-512VL and more with AVX2 alone (bench/Chasqui.Benchmarks, length 64, batch 1, without this line).
        if (_vectorBits == 0 || (packets.Length == 1 && packets[0].Length <= BlockLength))
        {
            RunPortable(key, buffer, packets, open);
            return;
        }

        // Four packets and fewer fill vectors of 256 bits as well as they would half-fill larger ones.
        int wide = _vectorBits < 512 ? 0 : packets.Length % 16 > 4 ? packets.Length : packets.Length & ~15;
        if (wide > 0) VectorAead<Words512, Sums512>.Run(key, buffer, packets[..wide], open);
        if (wide < packets.Length) VectorAead<Words256, Sums256>.Run(key, buffer, packets[wide..], open);
    }

    /// <summary>The border of the unsafe code: beyond it every text and its tag lie inside the buffer.</summary>
    private static void CheckBounds(int bufferLength, ReadOnlySpan<PacketSlot> packets)
    {
        foreach (ref readonly PacketSlot packet in packets)
        {
            // A negative number becomes one beyond any buffer; sums of 32-bit numbers cannot overflow 64 bits.
            if ((ulong)(uint)packet.Offset + (uint)packet.Length + TagLength > (uint)bufferLength)
            {
                ThrowOutside(packet);
            }
        }
    }

    private static void ThrowOutside(PacketSlot packet) => throw new ArgumentOutOfRangeException(
        nameof(packet), $"The packet at {packet.Offset} of {packet.Length} bytes and its tag are not inside the buffer.");
}
