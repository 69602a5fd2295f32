using System.Buffers;
using System.Text;

namespace Chasqui.Core.Uapi;

/// <summary>A line cut at its first '='.</summary>
internal readonly ref struct UapiLine
{
    private const int LongestPrintableName = 40;
    private static readonly SearchValues<byte> PrintableBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    private UapiLine(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
        Key = KeyOf(name);
    }

    internal ReadOnlySpan<byte> Name { get; }

    internal ReadOnlySpan<byte> Value { get; }

    internal UapiKey Key { get; }

    internal static bool TryCut(ReadOnlySpan<byte> text, out UapiLine line)
    {
        int equals = text.IndexOf((byte)'=');
        if (equals < 0)
        {
            line = default;
            return false;
        }

        line = new UapiLine(text[..equals], text[(equals + 1)..]);
        return true;
    }

    /// <summary>The name, if it can be shown: what is no key may be anything, a misplaced secret too, and then it is empty.</summary>
    internal string PrintableName()
    {
        bool isPrintable = Name.Length <= LongestPrintableName && !Name.ContainsAnyExcept(PrintableBytes);
        return isPrintable ? Encoding.ASCII.GetString(Name) : "";
    }

    // Lengths tell almost all keys apart, so that a line costs one or two comparisons.
    private static UapiKey KeyOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        5 => Match(name, "errno"u8, UapiKey.Errno),
        6 => name.SequenceEqual("fwmark"u8) ? UapiKey.FwMark : Match(name, "remove"u8, UapiKey.Remove),
        8 => name.SequenceEqual("endpoint"u8) ? UapiKey.Endpoint
            : name.SequenceEqual("tx_bytes"u8) ? UapiKey.TxBytes : Match(name, "rx_bytes"u8, UapiKey.RxBytes),
        10 => name.SequenceEqual("allowed_ip"u8) ? UapiKey.AllowedIp : Match(name, "public_key"u8, UapiKey.PublicKey),
        11 => name.SequenceEqual("private_key"u8) ? UapiKey.PrivateKey
            : name.SequenceEqual("listen_port"u8) ? UapiKey.ListenPort : Match(name, "update_only"u8, UapiKey.UpdateOnly),
        13 => name.SequenceEqual("preshared_key"u8) ? UapiKey.PresharedKey
            : name.SequenceEqual("endpoint_name"u8) ? UapiKey.EndpointName : Match(name, "replace_peers"u8, UapiKey.ReplacePeers),
        16 => Match(name, "protocol_version"u8, UapiKey.ProtocolVersion),
        19 => Match(name, "replace_allowed_ips"u8, UapiKey.ReplaceAllowedIps),
        23 => Match(name, "last_handshake_time_sec"u8, UapiKey.LastHandshakeTimeSec),
        24 => Match(name, "last_handshake_time_nsec"u8, UapiKey.LastHandshakeTimeNsec),
        29 => Match(name, "persistent_keepalive_interval"u8, UapiKey.PersistentKeepaliveInterval),
        _ => UapiKey.Unknown,
    };

    private static UapiKey Match(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected, UapiKey key) =>
        name.SequenceEqual(expected) ? key : UapiKey.Unknown;
}
