using System.Buffers;
using System.Text;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Diagnostics;

/// <summary>The secrets of handshakes, from when an owner asks for them until he has taken them: what a dissector needs to read captured datagrams.</summary>
/// <remarks>
/// Fixed, pinned memory for the last <see cref="Capacity"/> handshakes; what has been taken or pushed out is zeroed. It exists only while it is asked for.
/// Guarded by the tunnel's control lock. Source: the key log of Wireshark's WireGuard dissector.
/// </remarks>
public sealed class KeyLog
{
    /// <summary>How many handshakes are kept until somebody takes them.</summary>
    internal const int Capacity = 256;

    private const int RecordLength = 3 * ProtocolConstants.KeyLength;

    private readonly byte[] _records = SecretMemory.Allocate(Capacity * RecordLength);
    private long _first;
    private long _end;
    private bool _hasBegun;

    /// <summary>Begins with nothing.</summary>
    /// <param name="until">When it ends by itself.</param>
    /// <param name="guard">Told where the keys will lie.</param>
    internal KeyLog(Instant until, ISecretGuard? guard)
    {
        Until = until;
        guard?.Guard(_records);
    }

    /// <summary>When nothing is recorded any more.</summary>
    internal Instant Until { get; }

    /// <summary>Keeps what one handshake's messages cannot be read without.</summary>
    internal void Add(in PublicKey peer, ReadOnlySpan<byte> ephemeral, PresharedKey? presharedKey)
    {
        if (_end - _first == Capacity)
        {
            _first++; // whoever takes them after each handshake that he sees never comes so far behind
        }

        Span<byte> record = Record(_end++);
        peer.AsSpan().CopyTo(record);
        ephemeral.CopyTo(record[ProtocolConstants.KeyLength..]);
        Span<byte> kept = record[(2 * ProtocolConstants.KeyLength)..];
        kept.Clear();
        presharedKey?.DangerousSpan.CopyTo(kept);
    }

    /// <summary>Writes what was kept, and forgets it. A preshared key follows the ephemeral key that it goes with.</summary>
    /// <param name="own">The interface's own private key: the first time in any case, since a peer's initiation is read with nothing else, and later where there is more.</param>
    /// <param name="output">Receives lines of ASCII; the caller zeroes them after use.</param>
    internal void TakeTo(PrivateKey? own, IBufferWriter<byte> output)
    {
        if (own is not null && (_first < _end || !_hasBegun))
        {
            Write("LOCAL_STATIC_PRIVATE_KEY="u8, own.DangerousSpan, output);
        }

        _hasBegun = true;
        for (; _first < _end; _first++)
        {
            Span<byte> record = Record(_first);
            Span<byte> presharedKey = record[(2 * ProtocolConstants.KeyLength)..];
            Write("REMOTE_STATIC_PUBLIC_KEY="u8, record[..ProtocolConstants.KeyLength], output);
            Write("LOCAL_EPHEMERAL_PRIVATE_KEY="u8, record.Slice(ProtocolConstants.KeyLength, ProtocolConstants.KeyLength), output);
            if (!SecretMemory.IsZero(presharedKey))
            {
                Write("PRESHARED_KEY="u8, presharedKey, output);
            }

            SecretMemory.Zero(record);
        }
    }

    /// <summary>Zeroes everything.</summary>
    internal void Clear()
    {
        SecretMemory.Zero(_records);
        _first = _end;
    }

    private static void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> key, IBufferWriter<byte> output)
    {
        Span<char> text = stackalloc char[KeyText.Base64Length];
        KeyText.ToBase64(key, text);
        Span<byte> line = output.GetSpan(name.Length + KeyText.Base64Length + 1);
        name.CopyTo(line);
        _ = Encoding.ASCII.GetBytes(text, line[name.Length..]);
        line[name.Length + KeyText.Base64Length] = (byte)'\n';
        output.Advance(name.Length + KeyText.Base64Length + 1);
        text.Clear();
    }

    private Span<byte> Record(long number) => _records.AsSpan((int)(number % Capacity) * RecordLength, RecordLength);
}
