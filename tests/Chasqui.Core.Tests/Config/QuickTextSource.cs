using System.Text;

namespace Chasqui.Core.Tests.Config;

/// <summary>Seeded files for <c>wg-quick</c>, one byte a character.</summary>
internal sealed class QuickTextSource(int seed)
{
    private static readonly string[] Lines =
    [
        "[Interface]", "[interface]", " [Interface] # x", "[Interface] = 1", "[ Interface ]", "[Peer]", "[", "[x", "[Interface]x", "Address = 10.0.0.1/24",
        "address=10.0.0.1", "Address", "MTU = 1420", "mtu = # none", "M T U = 1", "DNS = 1.1.1.1, lan", "Table = off", "PreUp = echo # hi", "PostUp=a",
        "PreDown", "postdown = \\x \\", "SaveConfig = true", "SaveConfig = FALSE", "SaveConfig = true # x", "PrivateKey = x", "ListenPort = 1", "#", "# MTU = 1",
        "", "   ", "= MTU", "MTU#=1", "garbage \\", "\\", "-n", "-e \\t", "$HOME `x` \"q\" 'q'", "Unknown = *", "\u00e9 = \u00ff", "MTU\u00a0= 1",
    ];

    private readonly Random _random = new(seed);

    internal string Next()
    {
        var text = new StringBuilder(_random.Next(4) > 0 ? "[Interface]\n" : "");
        for (int i = _random.Next(15); i > 0; i--)
        {
            string line = Lines[_random.Next(Lines.Length)];
            string space = _random.Next(4) switch { 0 => " ", 1 => "\t ", 2 => _random.Next(3) == 0 ? "\v" : "", _ => "" };
            string end = _random.Next(6) switch { 0 => " ", 1 => "\r", 2 => " \t", 3 => _random.Next(6) == 0 ? "\fSaveConfig" : "", _ => "" };
            text.Append(space).Append(line).Append(end).Append(i == 1 && _random.Next(2) == 0 ? "" : "\n");
        }

        return text.ToString();
    }
}
