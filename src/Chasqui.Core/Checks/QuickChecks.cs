using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Checks;

/// <summary>The values that only <c>wg-quick</c> reads.</summary>
internal static class QuickChecks
{
    private const int MinIPv6Mtu = 1280;

    /// <summary>Ethernet's 1500 less the outer header, UDP's 8, ours of 16 and the tag of 16.</summary>
    private const int MaxMtuOverV4 = 1440;
    private const int MaxMtuOverV6 = 1420;
    private const int MaxDomainLength = 253;

    internal static void Run(CheckedConf conf)
    {
        CheckAddresses(conf);
        CheckMtu(conf);
        CheckTable(conf);
        CheckDns(conf);
        CheckHooks(conf);
    }

    private static void CheckAddresses(CheckedConf conf)
    {
        Dictionary<IpAddress, int> seen = [];
        foreach (QuickValue value in conf.Quick.Addresses)
        {
            if (!QuickAddress.TryParse(value.Text, out QuickAddress address))
            {
                Error(conf, CheckRule.BadAddress, ConfKeys.Address, value, "is no IPv4 or IPv6 address", "give ADDRESS/LENGTH");
            }
            else if (!seen.TryAdd(address.Address, value.Line))
            {
                Warn(conf, CheckRule.AddressRepeated, ConfKeys.Address, value, "is there more than once", "remove one of them");
            }
            else if (address.Address.IsV4 && address.Length is > 0 and < 31 && address.Prefix.Address == address.Address)
            {
                Warn(
                    conf,
                    CheckRule.NetworkAddress,
                    ConfKeys.Address,
                    value,
                    "is the address of the network itself, which no host has",
                    "give the interface an address in it");
            }
        }
    }

    private static void CheckMtu(CheckedConf conf)
    {
        if (conf.Quick.Mtu is not { } value)
        {
            return;
        }

        bool isMtu = ushort.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort mtu) && mtu >= 68;
        if (!isMtu)
        {
            Error(conf, CheckRule.BadMtu, ConfKeys.Mtu, value, "is no MTU", "give a number from 68 to 65535, or leave it out");
            return;
        }

        bool hasV6Way = conf.Peers.Any(static peer => peer.Conf.ResolvedEndpoint is { Address.IsV6: true });
        int largest = hasV6Way ? MaxMtuOverV6 : MaxMtuOverV4;
        if (mtu > largest)
        {
            Warn(
                conf,
                CheckRule.MtuTooLarge,
                ConfKeys.Mtu,
                value,
                $"is too large for a way of 1500 bytes over IPv{(hasV6Way ? 6 : 4)}: large packets are lost",
                $"give {largest} or less, or leave it out to have it found");
        }

        bool hasV6 = conf.Addresses.Any(static address => address.Written.Address.IsV6)
            || conf.Peers.Any(static peer => peer.AllowedIps.Any(static prefix => prefix.Written.Address.IsV6));
        if (hasV6 && mtu < MinIPv6Mtu)
        {
            Warn(conf, CheckRule.MtuTooSmall, ConfKeys.Mtu, value, "is too small for IPv6, which the system turns off then", "give 1280 or more");
        }
    }

    private static void CheckTable(CheckedConf conf)
    {
        if (conf.Quick.Table is not { } value || conf.Quick.IsTableOff)
        {
            return;
        }

        string text = value.Text;
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint table)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out table);
        bool isName = char.IsAsciiLetter(text[0]) && !ConfKeys.Equal(text, "off") && !ConfKeys.Equal(text, "auto")
            && (text is "main" or "local" or "default" || conf.Subject.IsTableName?.Invoke(text) != false);
        if (isNumber ? table == 0 : !isName)
        {
            Error(
                conf,
                CheckRule.BadTable,
                ConfKeys.Table,
                value,
                "is neither off nor auto, in lower case, nor a routing table's number or name",
                "correct it, or leave it out");
        }
    }

    private static void CheckDns(CheckedConf conf)
    {
        foreach (QuickValue value in conf.Quick.Dns)
        {
            if (!InetText.TryParse(value.Text, out _))
            {
                Error(conf, CheckRule.BadDns, ConfKeys.Dns, value, "is no IPv4 or IPv6 address", "give the address of a name server without a port");
            }
        }

        foreach (QuickValue value in conf.Quick.DnsSearch)
        {
            if (!IsDomain(value.Text))
            {
                Error(
                    conf,
                    CheckRule.BadDns,
                    ConfKeys.Dns,
                    value,
                    "is neither the address of a name server nor a domain",
                    "a domain has letters, digits, '-', '_' and dots; one of another alphabet begins with xn--");
            }
        }
    }

    private static bool IsDomain(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return text.Length <= MaxDomainLength && (text == "." || !text.TrimEnd('.').Split('.').Contains(""));
    }

    private static void CheckHooks(CheckedConf conf)
    {
        IEnumerable<QuickValue> hooks = [.. conf.Quick.PreUp, .. conf.Quick.PostUp, .. conf.Quick.PreDown, .. conf.Quick.PostDown];
        foreach (QuickValue hook in hooks)
        {
            if (hook.Text.Any(static c => char.IsControl(c) && c != '\t'))
            {
                conf.AddAt(
                    hook.Line,
                    CheckSeverity.Error,
                    CheckRule.BadHook,
                    null,
                    "the command has a control character, which no shell is given",
                    "put the command into a script");
            }
        }
    }

    private static void Error(CheckedConf conf, CheckRule rule, string key, QuickValue value, string problem, string remedy) =>
        conf.Add(CheckSeverity.Error, rule, key, value.Line, $"{ConfText.Quote(value.Text)} {problem}", remedy);

    private static void Warn(CheckedConf conf, CheckRule rule, string key, QuickValue value, string problem, string remedy) =>
        conf.Add(CheckSeverity.Warning, rule, key, value.Line, $"{ConfText.Quote(value.Text)} {problem}", remedy);
}
