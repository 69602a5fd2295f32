using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Uapi;

/// <summary>Reads the answer to <c>get=1</c> as stock <c>wg</c> does: unknown keys are skipped, wrong values are errors.</summary>
/// <remarks>
/// Unlike stock <c>wg</c> it resolves no host names: an endpoint is an address and a port number.
/// Ownership: the caller zeroes the bytes that it handed in; what the reader copied is zeroed by the reader.
/// Threads: one at a time. Source: wireguard-tools ipc-uapi.h.
/// </remarks>
public sealed class UapiGetReplyReader : IDisposable
{
    private readonly UapiLineBuffer _lines = new(UapiReader.MaxLineLength);
    private readonly Func<string, uint?>? _interfaceIndex;
    private readonly List<PeerSnapshot> _peers = [];
    private UapiPeerReply? _peer;
    private PrivateKey? _privateKey;
    private ushort _listenPort;
    private uint _fwMark;
    private int _errno = UapiError.Protocol;
    private bool _isOver;

    /// <summary>Makes a reader for one answer.</summary>
    /// <param name="interfaceIndex">The index of an interface by its name, or null; itself null if only numeric scopes count.</param>
    public UapiGetReplyReader(Func<string, uint?>? interfaceIndex) => _interfaceIndex = interfaceIndex;

    /// <summary>Takes bytes until the answer is over or none are left.</summary>
    /// <param name="bytes">What arrived; becomes what is left.</param>
    /// <param name="snapshot">The device if <paramref name="errno"/> is zero, else null. The caller disposes of it.</param>
    /// <param name="errno">
    /// Zero for success, else negative: the device's own number, or <see cref="UapiError.Protocol"/> for an answer that is none, which a
    /// negative number on the wire is too.
    /// </param>
    /// <returns>Whether the answer is over. Once it is, the reader is of no more use.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out DeviceSnapshot? snapshot, out int errno)
    {
        snapshot = null;
        while (!_isOver)
        {
            UapiLineStatus status = _lines.Take(ref bytes, out ReadOnlySpan<byte> text);
            if (status == UapiLineStatus.Incomplete)
            {
                errno = UapiError.Protocol;
                return false;
            }

            _isOver = text.IsEmpty;
            if (status == UapiLineStatus.TooLong || (!text.IsEmpty && !TakeLine(text)))
            {
                _isOver = true;
                _errno = UapiError.Protocol;
            }
        }

        errno = _errno;
        if (errno == 0)
        {
            snapshot = Build();
            _errno = UapiError.Protocol;
        }

        Dispose();
        return true;
    }

    /// <summary>Zeroes what has been read.</summary>
    public void Dispose()
    {
        _lines.Clear();
        _privateKey?.Dispose();
        _privateKey = null;
        _peer?.Dispose();
        _peer = null;
        foreach (PeerSnapshot peer in _peers)
        {
            peer.PresharedKey?.Dispose();
        }

        _peers.Clear();
    }

    private DeviceSnapshot Build()
    {
        EndPeer();
        var snapshot = new DeviceSnapshot
        {
            PrivateKey = _privateKey,
            ListenPort = _listenPort,
            FwMark = _fwMark,
            Peers = _peers.ToArray(),
        };
        _privateKey = null;
        _peers.Clear();
        return snapshot;
    }

    private void EndPeer()
    {
        if (_peer is not null)
        {
            _peers.Add(_peer.Build());
            _peer = null;
        }
    }

    private bool TakeLine(ReadOnlySpan<byte> text)
    {
        if (!UapiLine.TryCut(text, out UapiLine line))
        {
            return false;
        }

        return line.Key switch
        {
            UapiKey.Errno => TakeErrno(line.Value),
            UapiKey.PublicKey => TakePublicKey(line.Value),
            _ => _peer is null ? TakeDeviceLine(line) : _peer.Take(line, _interfaceIndex),
        };
    }

    private bool TakeErrno(ReadOnlySpan<byte> value)
    {
        bool isNumber = UapiValue.TryParseNumber(value, int.MaxValue, out ulong number);
        _errno = -(int)number;
        return isNumber;
    }

    private bool TakePublicKey(ReadOnlySpan<byte> value)
    {
        EndPeer();
        bool isKey = UapiValue.TryParsePublicKey(value, out PublicKey publicKey);
        _peer = new UapiPeerReply(publicKey);
        return isKey;
    }

    private bool TakeDeviceLine(UapiLine line)
    {
        switch (line.Key)
        {
            case UapiKey.PrivateKey:
                _privateKey?.Dispose();
                return UapiValue.TryParsePrivateKey(line.Value, out _privateKey);
            case UapiKey.ListenPort:
                bool isPort = UapiValue.TryParseNumber(line.Value, ushort.MaxValue, out ulong port);
                _listenPort = (ushort)port;
                return isPort;
            case UapiKey.FwMark:
                bool isMark = UapiValue.TryParseNumber(line.Value, uint.MaxValue, out ulong mark);
                _fwMark = (uint)mark;
                return isMark;
            default:
                return true;
        }
    }
}
