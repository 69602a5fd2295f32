using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Scripts;

/// <summary>Writes a configuration as commands for Linux with stock ip(8) and wg(8), and as the file that makes it permanent.</summary>
/// <remarks>
/// One shell reads all of it from a here-document, so that nothing runs before everything has arrived, comments are comments whatever the
/// person's shell is, and the first failure is the last command. Keys go through here-documents too: no process list shows them.
/// </remarks>
public static class LinuxCommands
{
    private const string ScriptEnd = "END_OF_COMMANDS";
    private const string FileEnd = "END_OF_FILE";
    private const string KeyEnd = "END_OF_KEY";
    private const string Folder = QuickConfName.Directory;

    /// <summary>Writes the commands.</summary>
    /// <param name="interfaceName">The interface's name over there.</param>
    /// <param name="conf">The configuration of that end, as the text of a wg-quick(8) file. Without a private key, one is made there.</param>
    /// <exception cref="ConfigException">The name is none, a stock tool would refuse the file, or it has control characters.</exception>
    public static CommandScript Write(string interfaceName, string conf)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        ArgumentNullException.ThrowIfNull(conf);
        if (!QuickConfName.IsNewInterfaceName(interfaceName))
        {
            throw new ConfigException($"{ConfText.Quote(interfaceName)} is no interface's name; give 1 to 15 of letters, digits and _=+.-");
        }

        using TunnelEnd end = TunnelEnd.Read(interfaceName, conf);
        List<string> missing = [];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            sh -eu <<'{ScriptEnd}'
            # {interfaceName}: commands for Linux with ip(8) and wg(8). Paste all of it as root, or give the file to sudo sh.
            [ "$(id -u)" = 0 ] || (echo 'This must be run as root.' >&2; exit 1)

            """);
        WriteFile(text, end);
        WriteDevice(text, end);
        WritePeers(text, end);
        WriteAddresses(text, end);
        WriteRoutes(text, end, missing);
        ListRest(end, missing);
        if (end.PrivateKey is null)
        {
            text.Append(CultureInfo.InvariantCulture, $"# The public key, for the other end.\nwg show {Word(end.Name)} public-key\n");
        }

        return new CommandScript(text.Append(ScriptEnd + "\n").ToString(), missing);
    }

    private static string Word(string text) => ShellText.Quote(text);

    private static string KeyPath(TunnelEnd end) => Word($"{Folder}/{end.Name}.key");

    /// <summary>The file, first of all: it refuses where one is, before anything is changed.</summary>
    private static void WriteFile(StringBuilder text, TunnelEnd end)
    {
        string path = Word($"{Folder}/{end.Name}{QuickConfName.Extension}");
        text.Append(CultureInfo.InvariantCulture, $"""
            # Permanent: a file for wg-quick(8); "systemctl enable wg-quick@{end.Name}" uses it from the next start on. An existing one stays.
            umask 077
            mkdir -p {Folder}
            set -C

            """);
        if (end.PrivateKey is null)
        {
            text.Append(CultureInfo.InvariantCulture, $"[ -s {KeyPath(end)} ] || wg genkey > {KeyPath(end)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"cat > {path} <<'{FileEnd}'\n");
        foreach (string line in FileLines(end))
        {
            text.Append(line).Append('\n');
        }

        text.Append(FileEnd + "\n");
    }

    private static IEnumerable<string> FileLines(TunnelEnd end)
    {
        ConfDocument document = end.Document;
        if (end.PrivateKey is null)
        {
            // As wg-quick(8) says how to keep a key in a file of its own.
            document = ConfDocument.Parse(document.ToString());
            document.AddInterface().Add(ConfKeys.PostUp, $"wg set %i private-key {Folder}/%i.key");
        }

        int number = 0;
        foreach (ConfLine line in document.Lines)
        {
            // Pasted, a tab completes a word and an escape character may do anything.
            number++;
            string clean = line.Text.TrimEnd('\r', ' ', '\t').Replace('\t', ' ');
            if (!ConfText.IsOneLine(clean))
            {
                throw new ConfigException(
                    null, number, null, "the line is not UTF-8, or has a control character, which a terminal would take for itself; remove it.");
            }

            yield return clean is ScriptEnd or FileEnd ? $"# {clean}" : clean;
        }
    }

    private static void WriteDevice(StringBuilder text, TunnelEnd end)
    {
        string name = Word(end.Name);
        text.Append(CultureInfo.InvariantCulture, $"# Now: the same by hand.\nip link add dev {name} type wireguard\nwg set {name}");
        if (end.ListenPort is { } port)
        {
            text.Append(CultureInfo.InvariantCulture, $" listen-port {port}");
        }

        if (end.FwMark is { } mark)
        {
            text.Append(CultureInfo.InvariantCulture, $" fwmark 0x{mark:x}");
        }

        if (end.PrivateKey is { } key)
        {
            text.Append(" private-key /dev/stdin");
            AppendKey(text, key.DangerousSpan);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $" private-key {KeyPath(end)}\n");
        }
    }

    private static void AppendKey(StringBuilder text, ReadOnlySpan<byte> key)
    {
        Span<char> base64 = stackalloc char[KeyText.Base64Length];
        KeyText.ToBase64(key, base64);
        text.Append(CultureInfo.InvariantCulture, $" <<'{KeyEnd}'\n{base64}\n{KeyEnd}\n");
        base64.Clear();
    }

    private static void WritePeers(StringBuilder text, TunnelEnd end)
    {
        foreach (TunnelEndPeer peer in end.Peers)
        {
            text.Append(peer.Name is null ? "" : $"# {peer.Name}\n");
            text.Append(CultureInfo.InvariantCulture, $"wg set {Word(end.Name)} peer {peer.PublicKey}");
            if (peer.Endpoint is { } endpoint)
            {
                text.Append(" endpoint ").Append(Word(endpoint.Text));
            }

            if (peer.KeepaliveSeconds != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" persistent-keepalive {peer.KeepaliveSeconds}");
            }

            text.Append(" allowed-ips ").Append(peer.AllowedIps.Count == 0 ? "''" : string.Join(',', peer.AllowedIps));
            if (peer.PresharedKey is { } key)
            {
                text.Append(" preshared-key /dev/stdin");
                AppendKey(text, key.DangerousSpan);
            }
            else
            {
                text.Append('\n');
            }
        }
    }

    private static void WriteAddresses(StringBuilder text, TunnelEnd end)
    {
        foreach (QuickAddress address in end.Addresses)
        {
            text.Append(CultureInfo.InvariantCulture, $"ip {Family(address.Address)} address add {address} dev {Word(end.Name)}\n");
        }

        string mtu = end.Mtu is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"mtu {bytes} ") : "";
        text.Append(CultureInfo.InvariantCulture, $"ip link set {mtu}up dev {Word(end.Name)}\n");
    }

    private static string Family(IpAddress address) => address.IsV6 ? "-6" : "-4";

    private static void WriteRoutes(StringBuilder text, TunnelEnd end, List<string> missing)
    {
        if (end.Quick.IsTableOff)
        {
            return;
        }

        string table = end.Quick.Table is { } written ? $" table {Word(written.Text)}" : "";
        foreach (IpPrefix prefix in end.FindRoutes())
        {
            string route = $"ip {Family(prefix.Address)} route add {prefix} dev {Word(end.Name)}";
            if (prefix.Length > 0 || table.Length > 0)
            {
                text.Append(route).Append(table).Append('\n');
                continue;
            }

            WriteDefaultRoute(text, end, prefix);
            missing.Add($"AllowedIPs: the route for {prefix} is a comment in the commands, so that nobody is locked out; "
                + "the file's is made by wg-quick(8).");
        }
    }

    /// <summary>All traffic would go through the tunnel, the answers to whoever pastes this from afar too: theirs to decide.</summary>
    private static void WriteDefaultRoute(StringBuilder text, TunnelEnd end, IpPrefix prefix)
    {
        string mark = end.FwMark is { } known ? string.Create(CultureInfo.InvariantCulture, $"0x{known:x}") : "51820";
        string family = Family(prefix.Address);
        text.Append(CultureInfo.InvariantCulture, $"""
            # {prefix} is all traffic, also the answers to whoever is logged in from afar: the route is left to you. From a console of the machine:
            # wg set {Word(end.Name)} fwmark {mark}
            # ip {family} rule add not fwmark {mark} table {mark}
            # ip {family} rule add table main suppress_prefixlength 0
            # ip {family} route add {prefix} dev {Word(end.Name)} table {mark}

            """);
        text.Append(prefix.Address.IsV6 ? "" : "# sysctl -q net.ipv4.conf.all.src_valid_mark=1\n");
    }

    private static void ListRest(TunnelEnd end, List<string> missing)
    {
        const string InFile = "is in the file, for wg-quick(8), and not in the commands.";
        QuickConf quick = end.Quick;
        foreach (QuickValue value in (IEnumerable<QuickValue>)[.. quick.Dns, .. quick.DnsSearch])
        {
            missing.Add($"{TunnelEnd.Place(value.Line, ConfKeys.Dns)}{ConfText.Quote(value.Text)} {InFile}");
        }

        foreach (QuickValue hook in (IEnumerable<QuickValue>)[.. quick.PreUp, .. quick.PostUp, .. quick.PreDown, .. quick.PostDown])
        {
            missing.Add($"line {hook.Line.ToString(CultureInfo.InvariantCulture)}: the command {ConfText.Quote(hook.Text)} {InFile}");
        }
    }
}
