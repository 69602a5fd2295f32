using System.Buffers;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Uapi;

/// <summary>Writes the answer to <c>get=1</c>, in wireguard-go's order, piece by piece into buffers of any size.</summary>
/// <remarks>
/// Shape: private_key if set, listen_port and fwmark if not zero; for each peer public_key, preshared_key (zeros for none),
/// protocol_version=1, endpoint if known, endpoint_name if one was set, last_handshake_time_sec and _nsec, tx_bytes, rx_bytes, persistent_keepalive_interval and its
/// allowed_ip lines; errno=0 and an empty line.
/// Ownership: the buffers hold keys in hexadecimal; the caller zeroes them after use. No key passes through a string.
/// Source: wireguard-go device/uapi.go; what stock <c>wg</c> reads. endpoint_name is ours: stock <c>wg</c> passes over what it does not know.
/// </remarks>
public sealed class UapiWriter
{
    /// <summary>The shortest buffer that <see cref="Write(Span{byte})"/> takes: one peer fits in it, without its prefixes.</summary>
    public const int MinimumBufferLength = UapiText.MaxPeerLength;

    private const int GrowthLength = 4096;

    private readonly DeviceSnapshot _snapshot;
    private int _peer = -1;
    private int _allowedIp;

    /// <summary>Makes a writer at the answer's beginning.</summary>
    public UapiWriter(DeviceSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _snapshot = snapshot;
    }

    /// <summary>Whether the whole answer has been written.</summary>
    public bool IsDone => _peer > _snapshot.Peers.Count;

    /// <summary>Writes as many whole lines as there is room for.</summary>
    /// <param name="destination">At least <see cref="MinimumBufferLength"/> bytes.</param>
    /// <returns>How many bytes were written; zero once the answer is complete.</returns>
    public int Write(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MinimumBufferLength);
        var text = new UapiText(destination);
        while (!IsDone && destination.Length - text.Length >= NextLength())
        {
            WriteNext(ref text);
        }

        return text.Length;
    }

    /// <summary>Writes a whole answer.</summary>
    public static void Write(DeviceSnapshot snapshot, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var writer = new UapiWriter(snapshot);
        while (!writer.IsDone)
        {
            output.Advance(writer.Write(output.GetSpan(GrowthLength)));
        }
    }

    /// <summary>Writes the end of an answer: the whole answer to a <c>set=1</c>, or to what was refused.</summary>
    /// <param name="errno">One of <see cref="UapiError"/>.</param>
    /// <param name="output">Where to.</param>
    public static void WriteError(int errno, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var text = new UapiText(output.GetSpan(UapiText.MaxPeerLength));
        text.Number(errno < 0 ? "errno=-"u8 : "errno="u8, (ulong)Math.Abs((long)errno));
        text.Append("\n"u8);
        output.Advance(text.Length);
    }

    /// <summary>Room that the next part may take.</summary>
    private int NextLength() => IsInAllowedIps ? UapiText.MaxAllowedIpLength : UapiText.MaxPeerLength;

    private bool IsInAllowedIps => _peer >= 0 && _peer < _snapshot.Peers.Count && _allowedIp > 0;

    private void WriteNext(ref UapiText text)
    {
        if (_peer < 0)
        {
            WriteDevice(ref text);
            _peer = 0;
        }
        else if (_peer == _snapshot.Peers.Count)
        {
            text.Append("errno=0\n\n"u8);
            _peer++;
        }
        else
        {
            WritePeerPart(_snapshot.Peers[_peer], ref text);
        }
    }

    private void WriteDevice(ref UapiText text)
    {
        if (_snapshot.PrivateKey is { IsZero: false } privateKey)
        {
            text.Key("private_key="u8, privateKey.DangerousSpan);
        }

        if (_snapshot.ListenPort != 0)
        {
            text.Number("listen_port="u8, _snapshot.ListenPort);
        }

        if (_snapshot.FwMark != 0)
        {
            text.Number("fwmark="u8, _snapshot.FwMark);
        }
    }

    /// <summary>Writes the head of a peer, or the next of its prefixes: _allowedIp counts both.</summary>
    private void WritePeerPart(PeerSnapshot peer, ref UapiText text)
    {
        if (_allowedIp == 0)
        {
            WritePeerHead(peer, ref text);
        }
        else
        {
            text.AllowedIp(peer.AllowedIps[_allowedIp - 1], isRemoved: false);
        }

        _allowedIp++;
        if (_allowedIp > peer.AllowedIps.Count)
        {
            _peer++;
            _allowedIp = 0;
        }
    }

    private static void WritePeerHead(PeerSnapshot peer, ref UapiText text)
    {
        const long NanosecondsPerSecond = 1_000_000_000;
        ReadOnlySpan<byte> none = stackalloc byte[PresharedKey.Length];
        PublicKey publicKey = peer.PublicKey;
        text.Key("public_key="u8, publicKey.AsSpan());
        text.Key("preshared_key="u8, peer.PresharedKey is null ? none : peer.PresharedKey.DangerousSpan);
        text.Append("protocol_version=1\n"u8);
        if (!peer.Endpoint.IsNone)
        {
            text.Endpoint(peer.Endpoint);
        }

        if (!peer.EndpointName.IsNone)
        {
            text.EndpointName(peer.EndpointName);
        }

        ulong handshake = (ulong)Math.Max(0, peer.LastHandshakeUnixNanoseconds);
        text.Number("last_handshake_time_sec="u8, handshake / NanosecondsPerSecond);
        text.Number("last_handshake_time_nsec="u8, handshake % NanosecondsPerSecond);
        text.Number("tx_bytes="u8, peer.SentBytes);
        text.Number("rx_bytes="u8, peer.ReceivedBytes);
        text.Number("persistent_keepalive_interval="u8, peer.PersistentKeepaliveSeconds);
    }
}
