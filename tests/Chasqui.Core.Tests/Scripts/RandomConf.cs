using System.Globalization;
using System.Text;
using Chasqui.Core.Tests.Config;

namespace Chasqui.Core.Tests.Scripts;

/// <summary>Seeded configurations of one end with everything that commands can say.</summary>
internal static class RandomConf
{
    private static readonly string[] Names =
    [
        "office", "Ann's phone", "Zürich ☃", "a\"; /system/reset-configuration; \"", "$(reboot) `reboot`", "x # y", "\\", "END_OF_COMMANDS", "a\\n$b",
        "'; reboot; '", "{[(", "peer", "%i",
    ];

    internal static string Next(Random random)
    {
        var text = new StringBuilder("[Interface]\n");
        text.Append(CultureInfo.InvariantCulture, $"PrivateKey = {StockWg.RandomKey(random)}\n");
        Maybe(random, text, "ListenPort", random.Next(1, 65536));
        Maybe(random, text, "MTU", random.Next(1280, 1500));
        int net = random.Next(1, 250);
        text.Append(CultureInfo.InvariantCulture, $"Address = 10.{net}.0.1/24, fd00:{net:x}::1/64\n");
        int peers = random.Next(0, 6);
        for (int i = 0; i < peers; i++)
        {
            text.Append("\n[Peer]\n");
            if (random.Next(4) > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"# Name = {Names[random.Next(Names.Length)]}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"PublicKey = {StockWg.RandomKey(random)}\n");
            text.Append(random.Next(2) == 0 ? "" : $"PresharedKey = {StockWg.RandomKey(random)}\n");
            text.Append(CultureInfo.InvariantCulture, $"AllowedIPs = 10.{net}.0.{i + 2}/32, fd00:{net:x}::{i + 2:x}/128");
            text.Append(random.Next(2) == 0 ? "\n" : string.Create(CultureInfo.InvariantCulture, $", 172.{16 + i}.0.0/16\n"));
            text.Append(random.Next(4) switch
            {
                0 => "Endpoint = vpn.example.org:51820\n",
                1 => "Endpoint = 192.0.2.7:5\n",
                2 => "Endpoint = [2001:db8::7]:65535\n",
                _ => "",
            });
            Maybe(random, text, "PersistentKeepalive", random.Next(1, 65536));
        }

        return text.ToString();
    }

    private static void Maybe(Random random, StringBuilder text, string key, int value)
    {
        if (random.Next(3) > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");
        }
    }
}
