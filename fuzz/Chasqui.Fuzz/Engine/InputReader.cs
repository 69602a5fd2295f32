using System.Buffers.Binary;

namespace Chasqui.Fuzz.Engine;

/// <summary>Takes choices and bytes from an input; past its end everything is zero.</summary>
internal ref struct InputReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    internal readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>What is left, all of it.</summary>
    internal readonly ReadOnlySpan<byte> Rest => _rest;

    internal byte Byte() => Take(1) is [byte value] ? value : (byte)0;

    internal ushort UInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    internal ulong UInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Takes up to <paramref name="length"/> bytes.</summary>
    internal ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _rest[..Math.Min(length, _rest.Length)];
        _rest = _rest[taken.Length..];
        return taken;
    }

    /// <summary>Fills a span with the next bytes.</summary>
    internal void Fill(scoped Span<byte> destination)
    {
        ReadOnlySpan<byte> taken = Take(destination.Length);
        taken.CopyTo(destination);
        destination[taken.Length..].Clear();
    }
}
