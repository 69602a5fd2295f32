using System.Globalization;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Random operations on the UAPI socket of our daemon and of wireguard-go: stock <c>wg</c> sees the same state after each.</summary>
/// <remarks>
/// An operation that is refused is one whose first line is wrong: wireguard-go keeps the lines before a wrong one, and ours none of them, as
/// docs/adr/0004-where-we-differ-from-the-kernel.md says. As <c>wg</c> writes it, a line stands once, and what replaces allowed addresses before
/// them. More sequences than usual: set CHASQUI_UAPI_SEEDS to their number.
/// </remarks>
public sealed class UapiModelTests : SystemTest
{
    private const int Operations = 60;
    private const int UsualSeeds = 4;

    public static TheoryData<int> Seeds
    {
        get
        {
            int count = int.TryParse(Environment.GetEnvironmentVariable("CHASQUI_UAPI_SEEDS"), out int asked) ? asked : UsualSeeds;
            return [.. Enumerable.Range(1, count)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AfterEveryOperationBothHoldTheSame(int seed)
    {
        Programs.Require(Implementation.Chasqui, Implementation.WireguardGo);
        var ours = NewDaemon(Implementation.Chasqui, NewNamespace());
        var theirs = NewDaemon(Implementation.WireguardGo, NewNamespace());
        var operations = new RandomOperations(seed);
        var history = new List<string>();
        var mostPeers = 0;
        for (var i = 0; i < Operations; i++)
        {
            var lines = i == 0 ? ["listen_port=20000"] : operations.Next(); // wireguard-go takes any port before, also while it is down
            history.Add(string.Join(' ', lines));

            var answer = UapiClient.Set(ours.Interface, lines);
            var expected = UapiClient.Set(theirs.Interface, lines);

            var story = $"seed {seed}: {string.Join("; ", history.TakeLast(8))}";
            Assert.True((answer.Errno == 0) == (expected.Errno == 0), $"errno {answer.Errno}, and theirs {expected.Errno}: {story}");
            var (state, wanted) = (State(ours), State(theirs));
            Assert.True(state == wanted, $"{story}\ntheirs:\n{wanted}\nours:\n{state}");
            mostPeers = Math.Max(mostPeers, state.Count(character => character == '\n'));
        }

        Assert.True(mostPeers > 2, $"no more than {mostPeers} peers at any time: nothing was compared");
    }

    /// <summary>What <c>wg show dump</c> says, in an order of its own: neither peers nor allowed addresses have one.</summary>
    private static string State(Daemon daemon)
    {
        var lines = Command.Run($"wg show {daemon.Interface} dump").Lines;
        return string.Join('\n', lines.Skip(1).Select(SortedAllowedIps).Order(StringComparer.Ordinal).Prepend(lines[0]));
    }

    private static string SortedAllowedIps(string peer)
    {
        var columns = peer.Split('\t');
        columns[3] = string.Join(',', columns[3].Split(',').Order(StringComparer.Ordinal));
        return string.Join('\t', columns);
    }

    /// <summary>Operations that know a few keys, addresses and ports, so that they meet each other often.</summary>
    private sealed class RandomOperations(int seed)
    {
        private const int Keys = 5;
        private static readonly string[] Private = [Hex(0x40), Hex(0x41), Hex(0x42)];
        private static readonly string[] Own = [.. Private.Select(key => WgKey.Hex(WgKey.PublicOf(WgKey.Base64(key))))];
        private readonly Random _random = new(seed);

        public string[] Next()
        {
            if (_random.Next(12) == 0)
            {
                return [Wrong()];
            }

            var lines = new List<string>();
            for (var i = _random.Next(3); i > 0; i--)
            {
                var line = Device();
                lines.RemoveAll(other => other.Split('=')[0] == line.Split('=')[0]); // one change has one private key
                lines.Add(line);
            }

            for (var i = _random.Next(4); i > 0; i--)
            {
                lines.AddRange(Peer());
            }

            return [.. lines];
        }

        private string Wrong() => Pick(
            "listen_port=65536", "listen_port=x", "fwmark=-1", "fwmark=4294967296", "private_key=00", $"public_key={new string('g', 64)}",
            "allowed_ip=10.0.0.0/8", "endpoint=1.2.3.4:5", "replace_peers=false", "nonsense=1", "persistent_keepalive_interval=1");

        private string Device() => _random.Next(6) switch
        {
            0 => $"private_key={Pick(Private)}",
            1 => $"private_key={new string('0', 64)}",
            2 => $"fwmark={_random.Next(3)}",
            3 => "replace_peers=true",
            _ => string.Create(CultureInfo.InvariantCulture, $"listen_port={20000 + _random.Next(3)}"),
        };

        private List<string> Peer()
        {
            List<string> lines = [$"public_key={(_random.Next(8) == 0 ? Pick(Own) : Hex((byte)(1 + _random.Next(Keys))))}"];
            if (_random.Next(6) == 0)
            {
                lines.Add("update_only=true");
            }

            if (_random.Next(8) == 0)
            {
                lines.Add("remove=true");
                return lines;
            }

            if (_random.Next(4) == 0)
            {
                lines.Add("replace_allowed_ips=true");
            }

            for (var i = _random.Next(5); i > 0; i--)
            {
                lines.Add(Value());
            }

            return lines;
        }

        private string Value() => _random.Next(8) switch
        {
            0 => $"preshared_key={(_random.Next(3) == 0 ? new string('0', 64) : Hex(0x70))}",
            1 => $"endpoint={Pick("1.2.3.4:5", "[2001:db8::1]:6", "192.0.2.7:65535")}",
            2 => $"persistent_keepalive_interval={Pick("0", "25", "65535")}",
            3 or 4 => $"allowed_ip={Pick("0.0.0.0/0", "::/0", "10.0.0.0/8")}",
            5 => $"allowed_ip=fd00:{_random.Next(3)}::{_random.Next(3)}/{_random.Next(129)}",
            _ => $"allowed_ip=10.{_random.Next(3)}.0.{_random.Next(3)}/{_random.Next(33)}",
        };

        private string Pick(params string[] words) => words[_random.Next(words.Length)];

        private static string Hex(byte value) => string.Concat(Enumerable.Repeat(value.ToString("x2", CultureInfo.InvariantCulture), 32));
    }
}
