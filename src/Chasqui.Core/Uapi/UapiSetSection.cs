using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Uapi;

/// <summary>The lines of a <c>set=1</c>, gathered into a change.</summary>
internal sealed class UapiSetSection(Func<string, uint?>? interfaceIndex) : IDisposable
{
    private readonly List<PeerChange> _peers = [];
    private UapiPeerSection? _peer;
    private PrivateKey? _privateKey;
    private ushort? _listenPort;
    private uint? _fwMark;
    private bool _isReplacingPeers;

    /// <summary>Takes a line.</summary>
    /// <returns>Null, or what the line ought to say.</returns>
    internal string? Take(UapiLine line)
    {
        if (line.Key == UapiKey.PublicKey)
        {
            return TakePublicKey(line.Value);
        }

        return _peer is null ? TakeDeviceLine(line) : _peer.Take(line, interfaceIndex);
    }

    /// <summary>The change, which takes the secrets over.</summary>
    internal DeviceChange Build()
    {
        EndPeer();
        PrivateKey? privateKey = _privateKey;
        _privateKey = null;
        return new DeviceChange
        {
            PrivateKey = privateKey,
            ListenPort = _listenPort,
            FwMark = _fwMark,
            ReplacePeers = _isReplacingPeers,
            Peers = _peers,
        };
    }

    /// <summary>Zeroes the secrets of a change that will not be built.</summary>
    public void Dispose()
    {
        _privateKey?.Dispose();
        _peer?.Dispose();
        foreach (PeerChange peer in _peers)
        {
            peer.PresharedKey?.Dispose();
        }
    }

    private string? TakePublicKey(ReadOnlySpan<byte> value)
    {
        EndPeer();
        if (!UapiValue.TryParsePublicKey(value, out PublicKey publicKey))
        {
            return "write 64 hexadecimal digits";
        }

        _peer = new UapiPeerSection(publicKey);
        return null;
    }

    private void EndPeer()
    {
        if (_peer is not null)
        {
            _peers.Add(_peer.Build());
            _peer = null;
        }
    }

    private string? TakeDeviceLine(UapiLine line) => line.Key switch
    {
        UapiKey.PrivateKey => TakePrivateKey(line.Value),
        UapiKey.ListenPort => TakeListenPort(line.Value),
        UapiKey.FwMark => TakeFwMark(line.Value),
        UapiKey.ReplacePeers => TakeReplacePeers(line.Value),
        UapiKey.UpdateOnly or UapiKey.Remove or UapiKey.PresharedKey or UapiKey.Endpoint or UapiKey.EndpointName or UapiKey.PersistentKeepaliveInterval
            or UapiKey.ReplaceAllowedIps or UapiKey.AllowedIp or UapiKey.ProtocolVersion =>
            "a key of a peer; put the peer's public_key before it",
        _ => "not a key of a device; remove the line",
    };

    private string? TakePrivateKey(ReadOnlySpan<byte> value)
    {
        if (!UapiValue.TryParsePrivateKey(value, out PrivateKey? key))
        {
            return "write 64 hexadecimal digits, all zeros to remove the key";
        }

        _privateKey?.Dispose();
        _privateKey = key;
        return null;
    }

    private string? TakeListenPort(ReadOnlySpan<byte> value)
    {
        if (!UapiValue.TryParseNumber(value, ushort.MaxValue, out ulong port))
        {
            return "write a port from 1 to 65535, or 0 for any";
        }

        _listenPort = (ushort)port;
        return null;
    }

    private string? TakeFwMark(ReadOnlySpan<byte> value)
    {
        if (!UapiValue.TryParseNumber(value, uint.MaxValue, out ulong mark))
        {
            return "write a decimal number from 1 to 4294967295, or 0 for off";
        }

        _fwMark = (uint)mark;
        return null;
    }

    private string? TakeReplacePeers(ReadOnlySpan<byte> value)
    {
        if (!UapiValue.IsTrue(value))
        {
            return "write true, or leave the line out";
        }

        _isReplacingPeers = true;
        return null;
    }
}
