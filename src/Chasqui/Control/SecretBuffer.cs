using System.Buffers;
using System.Security.Cryptography;

namespace Chasqui.Control;

/// <summary>Bytes that may hold keys, growing as they are written.</summary>
/// <remarks>Ownership: the memory is this object's, pinned, and zeroed when it is outgrown and when it is disposed.</remarks>
public sealed class SecretBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialLength = 4096;

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(InitialLength, pinned: true);

    /// <summary>How many bytes have been written.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written; valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsMemory(Length);
    }

    /// <summary>Forgets what has been written and zeroes it; the room stays.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, Length));
        Length = 0;
    }

    /// <summary>Zeroes the memory.</summary>
    public void Dispose() => Clear();

    private void EnsureRoom(int sizeHint)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (_bytes.Length - Length >= wanted)
        {
            return;
        }

        byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Max(2 * _bytes.Length, Length + wanted), pinned: true);
        WrittenSpan.CopyTo(larger);
        CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, Length));
        _bytes = larger;
    }
}
