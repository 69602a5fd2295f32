using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Uapi;

/// <summary>The lines of one peer in the answer to <c>get=1</c>.</summary>
internal sealed class UapiPeerReply(PublicKey publicKey) : IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly List<IpPrefix> _allowedIps = [];
    private PresharedKey? _presharedKey;
    private IpEndpoint _endpoint;
    private EndpointName _endpointName;
    private ulong _persistentKeepalive, _handshakeSeconds, _handshakeNanoseconds, _sentBytes, _receivedBytes;

    /// <summary>Takes a line.</summary>
    /// <returns>Whether its value is right, or its key unknown.</returns>
    internal bool Take(UapiLine line, Func<string, uint?>? interfaceIndex) => line.Key switch
    {
        UapiKey.PresharedKey => TakePresharedKey(line.Value),
        UapiKey.Endpoint => UapiValue.TryParseEndpoint(line.Value, interfaceIndex, out _endpoint),
        UapiKey.EndpointName => TakeEndpointName(line.Value),
        UapiKey.LastHandshakeTimeSec => UapiValue.TryParseNumber(line.Value, long.MaxValue, out _handshakeSeconds),
        UapiKey.LastHandshakeTimeNsec => UapiValue.TryParseNumber(line.Value, long.MaxValue, out _handshakeNanoseconds),
        UapiKey.TxBytes => UapiValue.TryParseNumber(line.Value, ulong.MaxValue, out _sentBytes),
        UapiKey.RxBytes => UapiValue.TryParseNumber(line.Value, ulong.MaxValue, out _receivedBytes),
        UapiKey.PersistentKeepaliveInterval => UapiValue.TryParseNumber(line.Value, ushort.MaxValue, out _persistentKeepalive),
        UapiKey.AllowedIp => TakeAllowedIp(line.Value),
        _ => true,
    };

    /// <summary>The peer, which takes the preshared key over.</summary>
    internal PeerSnapshot Build()
    {
        PresharedKey? presharedKey = _presharedKey;
        _presharedKey = null;
        return new PeerSnapshot
        {
            PublicKey = publicKey,
            PresharedKey = presharedKey,
            Endpoint = _endpoint,
            EndpointName = _endpointName,
            LastHandshakeUnixNanoseconds = Handshake(),
            ReceivedBytes = _receivedBytes,
            SentBytes = _sentBytes,
            PersistentKeepaliveSeconds = (ushort)_persistentKeepalive,
            AllowedIps = _allowedIps.ToArray(),
        };
    }

    public void Dispose()
    {
        _presharedKey?.Dispose();
        _presharedKey = null;
    }

    private bool TakePresharedKey(ReadOnlySpan<byte> value)
    {
        _presharedKey?.Dispose();
        bool isKey = UapiValue.TryParsePresharedKey(value, out _presharedKey);
        if (_presharedKey is { IsZero: true })
        {
            _presharedKey = null;
        }

        return isKey;
    }

    /// <summary>The key is no part of the protocol: what another daemon may mean by it does no harm.</summary>
    private bool TakeEndpointName(ReadOnlySpan<byte> value)
    {
        _ = UapiValue.TryParseEndpointName(value, out _endpointName);
        return true;
    }

    private bool TakeAllowedIp(ReadOnlySpan<byte> value)
    {
        bool isPrefix = UapiValue.TryParsePrefix(value, isLengthStrict: false, out IpPrefix prefix);
        _allowedIps.Add(prefix);
        return isPrefix;
    }

    // Seconds past the year 2262 do not fit; they show as the last moment that does.
    private long Handshake()
    {
        UInt128 nanoseconds = ((UInt128)_handshakeSeconds * NanosecondsPerSecond) + _handshakeNanoseconds;
        return nanoseconds > long.MaxValue ? long.MaxValue : (long)nanoseconds;
    }
}
