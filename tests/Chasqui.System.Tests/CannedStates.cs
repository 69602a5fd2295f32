using System.Text;

namespace Chasqui.System.Tests;

/// <summary>Answers to <c>get=1</c>: every state an interface can be in, and answers that are none.</summary>
internal static class CannedStates
{
    private const string Private = "private_key=0884c8d8a5b1cf47a4c0ea2fd5e1e0c0bfa3f0a5d1c4b8e7f6a5948372615f4e\n";
    private const string Ok = "errno=0\n\n";

    /// <summary>The states by name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["empty"] = Ok,
        ["bare"] = "listen_port=51820\n" + Ok,
        ["keyed"] = Private + "listen_port=51820\nfwmark=4660\n" + Ok,
        ["mark"] = "fwmark=4294967295\nlisten_port=65535\n" + Ok,
        ["zeros"] = Private + "listen_port=0\nfwmark=0\n" + Ok,
        ["onepeer"] = Private + Peer(1) + Ok,
        ["peers"] = Private + "listen_port=1\n" + Peer(1) + Peer(2) + Peer(3) + Ok,
        ["presharedkeys"] = Peer(1, $"preshared_key={Key(9)}") + Peer(2, $"preshared_key={new string('0', 64)}") + Ok,
        ["endpoints"] = Private + Endpoints() + Ok,
        ["prefixes"] = Private + Prefixes() + Ok,
        ["ages"] = Private + Ages() + Ok,
        ["sameage"] = SameAge() + Ok,
        ["future"] = Peer(1, $"last_handshake_time_sec={Now() + 100_000}", "last_handshake_time_nsec=5") + Ok,
        ["nsec"] = Peer(1, "last_handshake_time_sec=0", "last_handshake_time_nsec=7") + Peer(2) + Ok,
        ["amounts"] = Private + Amounts() + Ok,
        ["keepalives"] = Keepalives() + Ok,
        ["unknown"] = "own_public_key=x\nnonsense=1\n" + Private + "protocol_version=1\n" + Peer(1, "protocol_version=1", "what=ever=it=is", "empty=") + Ok,
        ["order"] = Peer(2) + Peer(1) + "listen_port=7\nfwmark=3\n" + Ok,
        ["twice"] = "listen_port=1\nlisten_port=2\n" + Peer(1, "persistent_keepalive_interval=1", "persistent_keepalive_interval=2") + Peer(1) + Ok,
        ["leadingzeros"] = "listen_port=0051\n" + Peer(1, "persistent_keepalive_interval=007", "allowed_ip=10.0.0.0/08") + Ok,
        ["upper"] = Private.ToUpperInvariant().Replace("PRIVATE_KEY", "private_key", StringComparison.Ordinal) + Ok,
        ["errno5"] = Private + "errno=5\n\n",
        ["errno98"] = "errno=98\n\n",
        ["errnonegative"] = Private + "errno=-22\n\n",
        ["errnoword"] = Private + "errno=x\n\n",
        ["noerrno"] = Private + "\n",
        ["cut"] = Private + Peer(1),
        ["cutline"] = Private + "listen_port=5182",
        ["silent"] = "",
        ["nothing"] = "\n",
        ["noequals"] = Private + "nonsense\n" + Ok,
        ["badkey"] = "private_key=00\n" + Ok,
        ["badhex"] = $"private_key={new string('x', 64)}\n" + Ok,
        ["badport"] = "listen_port=65536\n" + Ok,
        ["badmark"] = "fwmark=0x1\n" + Ok,
        ["badpeer"] = "public_key=11\n" + Ok,
        ["badprefix"] = Peer(1, "allowed_ip=10.0.0.0/33") + Ok,
        ["noprefix"] = Peer(1, "allowed_ip=10.0.0.0") + Ok,
        ["badaddress"] = Peer(1, "allowed_ip=10.0.0/8") + Ok,
        ["badkeepalive"] = Peer(1, "persistent_keepalive_interval=70000") + Ok,
        ["badbytes"] = Peer(1, "rx_bytes=-1") + Ok,
    };

    /// <summary>A key of the UAPI's form that a number stands for.</summary>
    public static string Key(int number) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes($"key {number,4} of a peer that is canned"[..32]));

    /// <summary>The lines of a peer.</summary>
    public static string Peer(int number, params string[] lines) =>
        string.Concat(lines.Prepend($"public_key={Key(number)}").Select(line => line + "\n"));

    private static string Endpoints() =>
        Peer(1, "endpoint=192.0.2.1:51820")
        + Peer(2, "endpoint=[2001:db8::1]:1")
        + Peer(3, "endpoint=[fe80::1%lo]:65535")
        + Peer(4, "endpoint=[fe80::2%1]:7")
        + Peer(5, "endpoint=[::ffff:192.0.2.7]:9")
        + Peer(6, "endpoint=[::]:0")
        + Peer(7, "endpoint=[fe80::5efe:102:304]:9")
        + Peer(8, "endpoint=0.0.0.0:0")
        + Peer(9);

    private static string Prefixes() =>
        Peer(1, "allowed_ip=0.0.0.0/0", "allowed_ip=::/0")
        + Peer(2, "allowed_ip=10.0.0.0/8", "allowed_ip=10.1.0.0/16", "allowed_ip=255.255.255.255/32")
        + Peer(3, "allowed_ip=2001:db8:0:0:1::/80", "allowed_ip=::ffff:1.2.3.4/128", "allowed_ip=::1.2.3.4/128", "allowed_ip=::1/128")
        + Peer(4)
        + Peer(5, "allowed_ip=fe80::5efe:102:304/128", "allowed_ip=1:0:0:2:0:0:0:3/128", "allowed_ip=1:0:2:3:4:5:6:7/128", "allowed_ip=64:ff9b::/96");

    private static string Ages()
    {
        long[] ages = [1, 2, 59, 60, 61, 62, 120, 121, 3599, 3600, 3601, 3660, 7261, 86399, 86400, 90061, 172800, 31535999, 31536000, 31622461, 63072000, 700_000_000];
        return string.Concat(ages.Select((age, i) =>
            Peer(i + 1, $"last_handshake_time_sec={Now() - age}", $"last_handshake_time_nsec={i * 1000}")))
            + Peer(98, $"last_handshake_time_sec=1", "last_handshake_time_nsec=0")
            + Peer(99, "last_handshake_time_sec=0", "last_handshake_time_nsec=0");
    }

    private static string SameAge() => string.Concat(Enumerable.Range(1, 40).Select(i =>
        Peer(i, $"last_handshake_time_sec={(i % 4 == 0 ? 0 : 1_700_000_000 + (i % 3))}", $"last_handshake_time_nsec={(i % 4 == 0 ? 0 : i % 2)}")));

    private static string Amounts()
    {
        List<ulong> amounts = [1, 999, 1023, 1024, 1025, 1029, 1030, 1088, 1344, 1047552, 1048575, 1048576, 1073741823, 1073741824, 1099511627775,
            1099511627776, 1649267441664, 9007199254740993, 18014398509481987, ulong.MaxValue - 1024, ulong.MaxValue];
        var random = new Random(20210914);
        amounts.AddRange(Enumerable.Range(0, 200).Select(_ => (ulong)random.NextInt64() >> random.Next(64)));
        amounts.AddRange(Enumerable.Range(0, 200).Select(_ => (ulong)((random.Next(1 << 14) * 64L) << (10 * random.Next(4)))));
        return string.Concat(amounts.Select((amount, i) => Peer(i + 1, $"tx_bytes={amounts[^(i + 1)]}", $"rx_bytes={amount}")));
    }

    private static string Keepalives()
    {
        int[] intervals = [0, 1, 2, 25, 59, 60, 61, 119, 120, 3600, 3661, 7322, 65535];
        return string.Concat(intervals.Select((seconds, i) => Peer(i + 1, $"persistent_keepalive_interval={seconds}")));
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
