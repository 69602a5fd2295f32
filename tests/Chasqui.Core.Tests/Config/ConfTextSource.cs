using System.Text;

namespace Chasqui.Core.Tests.Config;

/// <summary>Seeded texts: configurations with and without mistakes, and texts that are none at all.</summary>
internal sealed class ConfTextSource(int seed, bool hasSigns)
{
    private static readonly string[] Numbers =
    [
        "0", "1", "25", "080", "65535", "65536", "70000", "-1", "+80", "off", "OFF", "oFf", "0x10", "0X10", "0x", "0xg", "0xffffffff", "0x100000000",
        "4294967295", "4294967296", "2147483648", "99999999999999999999", "-18446744073709551600", "1x", "x", "*", "domain", "DOMAIN", "nosuch",
        "0x00000000001", "1_0", "é", "٣", "=5", "1=2",
    ];

    private static readonly string[] Addresses =
    [
        "10.0.0.0/8", "10.0.0.1/8", "10.0.0.1", "0.0.0.0/0", "1.2.3.4/32", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "1.2.3.4/+1", "1.2.3.4/08",
        "1.2.3.4/0x8", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.4/8/8", "::/0", "::1", "fd00::1/64", "fd00::/129", "1::2::3",
        "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "12345::", ":1", "1:", ":::", "::1.2.3.4", "::ffff:1.2.3.4/97",
        "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "fe80::1%lo", "[::1]", "host", "", "/8", "FD00::ABCD/16", "00::", "0:0::/1",
        "1.2.3.4/99999999999999999999", "1.2.3.4/4294967328", "0000:0000:0000:0000:0000:0000:0000:0000/0", "00001::", "1.2.3.4/٣",
    ];

    private static readonly string[] Endpoints =
    [
        "1.2.3.4:51820", "[fd00::1]:51820", "fd00::1:51820", "1.2.3.4", "1.2.3.4:", ":", "[fd00::1]", "[fd00::1]:", "[fd00::1]51820", "[fd00::1",
        "[]", "1.2.3.4:nosuch", "[1.2.3.4]:5", "1:5", "0x7f.1:5", "010.1.1.1:5", "1.2.3.4:65536", "1.2.3.4:0", "1.2.3.4:-1", "::1:domain", "*:*",
        "[::1]:5x", "é",
    ];

    private static readonly string[] InterfaceKeys = ["PrivateKey", "ListenPort", "FwMark"];
    private static readonly string[] PeerKeys = ["PublicKey", "PresharedKey", "AllowedIPs", "AllowedIPs", "AllowedIPs", "Endpoint", "PersistentKeepalive"];
    private static readonly string[] StrangeLines =
    [
        "Address = 10.0.0.1/24", "PublicKey", "PublicKey =", "AllowedIPs =", "= 5", "=", "[Interfaces]", "[Peer", "[peer]x", "Name = office", "garbage",
        "ListenPort : 5", "ListenPort5", "\u00a0", "ſaveConfig=1", "\ufeff[Interface]", "PostUp = echo # hi", "é = ü", "\u0001", "AllowedIPs == 10.0.0.0/8",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A file that stock takes more often than not.</summary>
    internal byte[] NextFile(bool isValid)
    {
        var text = new StringBuilder();
        int sections = _random.Next(1, 5);
        for (int i = 0; i < sections; i++)
        {
            bool isPeer = i > 0 || _random.Next(4) == 0;
            Append(text, isPeer ? "[Peer]" : "[Interface]");
            if (isPeer)
            {
                Append(text, "PublicKey = " + StockWg.RandomKey(_random));
            }

            for (int lines = _random.Next(6); lines > 0; lines--)
            {
                Append(text, isValid || _random.Next(25) > 0 ? NextEntry(isPeer, isValid || _random.Next(6) > 0) : Pick(StrangeLines));
            }
        }

        string result = text.ToString();
        return Encoding.UTF8.GetBytes(_random.Next(3) == 0 ? result.TrimEnd('\n') : result);
    }

    /// <summary>Characters that matter, in any order.</summary>
    internal string NextNoise()
    {
        const string Alphabet = "[]#=\n\r\t \0abIPeérface1.:,/+-\ud800\udc00\u2028\u0085";
        var text = new StringBuilder();
        for (int i = _random.Next(200); i > 0; i--)
        {
            text.Append(_random.Next(9) switch
            {
                0 => Pick(StrangeLines),
                1 => "\n" + NextEntry(_random.Next(2) == 0, isValid: false),
                2 => Pick(["\n", "\r\n", "\n\n", "\n[Peer]\n", "\n[Interface]\n", "\n# Name = a\n", "\n#b\n"]),
                _ => Alphabet[_random.Next(Alphabet.Length)].ToString(),
            });
        }

        return text.ToString();
    }

    internal T Pick<T>(T[] values) => values[_random.Next(values.Length)];

    private string NextEntry(bool isPeer, bool isValid)
    {
        string key = Pick(isPeer ? PeerKeys : InterfaceKeys);
        return $"{key} = {(isValid ? NextValue(key) : NextAnyValue(key))}";
    }

    private string NextValue(string key) => key switch
    {
        "ListenPort" or "PersistentKeepalive" => Pick(["0", "1", "25", "65535", "080"]),
        "FwMark" => Pick(["0", "off", "0xca6c", "4294967295", "010"]),
        "AllowedIPs" => NextList(["10.0.0.0/8", "10.0.0.1/8", "1.2.3.4", "0.0.0.0/0", "::/0", "fd00::1/64", "::ffff:1.2.3.4/97", "1:2:3:4:5:6:7::"]),
        "Endpoint" => Pick(["1.2.3.4:51820", "[fd00::1]:51820", "fd00::1:5", "[1.2.3.4]:5", "1:5", "0x7f.1:5", "010.1.1.1:5", "1.2.3.4:65537"]),
        _ => _random.Next(8) == 0 ? new string('A', 43) + "=" : StockWg.RandomKey(_random),
    };

    private string NextAnyValue(string key) => key switch
    {
        "ListenPort" or "PersistentKeepalive" or "FwMark" => Pick(Numbers),
        "AllowedIPs" => NextList(Addresses),
        "Endpoint" => Pick(Endpoints),
        _ => NextKey(),
    };

    private string NextList(string[] values)
    {
        int count = _random.Next(1, 4);
        string[] entries = new string[count];
        for (int i = 0; i < count; i++)
        {
            entries[i] = (hasSigns ? Pick(["", "", "+", "-"]) : "") + Pick(values);
        }

        return string.Join(',', entries);
    }

    private string NextKey()
    {
        string key = StockWg.RandomKey(_random);
        return _random.Next(8) switch
        {
            0 => key[1..],
            1 => key + "=",
            2 => key[..43] + "A",
            3 => "*" + key[1..],
            4 => key[..42] + "B=",
            5 => key[..20] + "é" + key[21..],
            _ => key,
        };
    }

    /// <summary>Appends a line as people and editors write it: white space, either case, comments, any line end.</summary>
    private void Append(StringBuilder text, string line)
    {
        foreach (char c in line)
        {
            text.Append(_random.Next(60) == 0 ? Pick([" ", "\t", "\v", "\f", "\r"]) : "");
            text.Append(c is >= 'A' and <= 'Z' && !line.Contains("Key", StringComparison.Ordinal) && _random.Next(3) == 0 ? (char)(c | 32) : c);
        }

        text.Append(_random.Next(8) switch { 0 => " # note", 1 => "#", 2 => "\r", 3 => _random.Next(4) == 0 ? "\0 tail" : "", _ => "" });
        text.Append(_random.Next(5) == 0 ? "\n\n" : "\n");
    }
}
