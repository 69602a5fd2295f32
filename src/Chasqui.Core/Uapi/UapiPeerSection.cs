using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Uapi;

/// <summary>The lines of one peer, from its <c>public_key</c> to the next.</summary>
/// <remarks>INVARIANT: a section is an object of its own, so that nothing, a preshared key least of all, reaches the next peer.</remarks>
internal sealed class UapiPeerSection(PublicKey publicKey) : IDisposable
{
    private readonly List<AllowedIpChange> _allowedIps = [];
    private PresharedKey? _presharedKey;
    private IpEndpoint? _endpoint;
    private EndpointName? _endpointName;
    private ushort? _persistentKeepaliveSeconds;
    private bool _isUpdateOnly, _isRemoved, _isReplacingAllowedIps;

    /// <summary>Takes a line.</summary>
    /// <returns>Null, or what the line's value ought to be.</returns>
    internal string? Take(UapiLine line, Func<string, uint?>? interfaceIndex) => line.Key switch
    {
        UapiKey.UpdateOnly => TakeFlag(line.Value, ref _isUpdateOnly),
        UapiKey.Remove => TakeFlag(line.Value, ref _isRemoved),
        UapiKey.PresharedKey => TakePresharedKey(line.Value),
        UapiKey.Endpoint => TakeEndpoint(line.Value, interfaceIndex),
        UapiKey.EndpointName => TakeEndpointName(line.Value),
        UapiKey.PersistentKeepaliveInterval => TakeKeepalive(line.Value),
        UapiKey.ReplaceAllowedIps => TakeReplaceAllowedIps(line.Value),
        UapiKey.AllowedIp => TakeAllowedIp(line.Value),
        UapiKey.ProtocolVersion => line.Value is [(byte)'1'] ? null : "write 1, the only version there is",
        UapiKey.PrivateKey or UapiKey.ListenPort or UapiKey.FwMark or UapiKey.ReplacePeers =>
            "a key of the device; put it before the first public_key",
        _ => "not a key of a peer; remove the line",
    };

    /// <summary>The change, which takes the preshared key over.</summary>
    internal PeerChange Build()
    {
        // Removal is final, as in the kernel: what else the section says has been checked, but does not count.
        if (_isRemoved)
        {
            Dispose();
            return new PeerChange { PublicKey = publicKey, Remove = true, UpdateOnly = _isUpdateOnly };
        }

        PresharedKey? presharedKey = _presharedKey;
        _presharedKey = null;
        return new PeerChange
        {
            PublicKey = publicKey,
            UpdateOnly = _isUpdateOnly,
            PresharedKey = presharedKey,
            Endpoint = _endpoint,
            EndpointName = _endpointName,
            PersistentKeepaliveSeconds = _persistentKeepaliveSeconds,
            ReplaceAllowedIps = _isReplacingAllowedIps,
            AllowedIps = _allowedIps.Count == 0 ? [] : _allowedIps.ToArray(),
        };
    }

    public void Dispose()
    {
        _presharedKey?.Dispose();
        _presharedKey = null;
    }

    private static string? TakeFlag(ReadOnlySpan<byte> value, ref bool flag)
    {
        flag |= UapiValue.IsTrue(value);
        return UapiValue.IsTrue(value) ? null : "write true, or leave the line out";
    }

    private string? TakePresharedKey(ReadOnlySpan<byte> value)
    {
        if (!UapiValue.TryParsePresharedKey(value, out PresharedKey? key))
        {
            return "write 64 hexadecimal digits, all zeros for no preshared key";
        }

        _presharedKey?.Dispose();
        _presharedKey = key;
        return null;
    }

    private string? TakeEndpoint(ReadOnlySpan<byte> value, Func<string, uint?>? interfaceIndex)
    {
        if (!UapiValue.TryParseEndpoint(value, interfaceIndex, out IpEndpoint endpoint))
        {
            return "write 192.0.2.1:51820 or [2001:db8::1]:51820; a scope after % is the number or name of an interface that exists";
        }

        _endpoint = endpoint;
        return null;
    }

    private string? TakeEndpointName(ReadOnlySpan<byte> value)
    {
        if (!UapiValue.TryParseEndpointName(value, out EndpointName name))
        {
            return "write host:port, letters, digits, dots and hyphens and a port from 1 to 65535, or nothing for no name";
        }

        _endpointName = name;
        return null;
    }

    private string? TakeKeepalive(ReadOnlySpan<byte> value)
    {
        if (!UapiValue.TryParseNumber(value, ushort.MaxValue, out ulong seconds))
        {
            return "write seconds from 1 to 65535, or 0 for off";
        }

        _persistentKeepaliveSeconds = (ushort)seconds;
        return null;
    }

    private string? TakeReplaceAllowedIps(ReadOnlySpan<byte> value)
    {
        string? problem = TakeFlag(value, ref _isReplacingAllowedIps);

        // The line clears the list where it stands: what came before it in this section is gone as well.
        _allowedIps.Clear();
        return problem;
    }

    private string? TakeAllowedIp(ReadOnlySpan<byte> value)
    {
        if (!UapiValue.TryParseAllowedIp(value, out AllowedIpChange change))
        {
            return "write address/length, as in 10.0.0.0/24 or fd00::/64, with - in front to take it away";
        }

        _allowedIps.Add(change);
        return null;
    }
}
