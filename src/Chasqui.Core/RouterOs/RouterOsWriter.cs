using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Scripts;
using Chasqui.Core.Wire;

namespace Chasqui.Core.RouterOs;

/// <summary>Writes a configuration as commands for RouterOS 7: interface, peers, addresses, routes, and the port in the firewall.</summary>
/// <remarks>
/// One command a line, for a terminal or for /import. Every text is in quotes, so that no name can be a command. What depends on the version
/// or on the firewall that is there comes last: if one of those lines is refused, the tunnel works without it.
/// Source: MikroTik's manual, "WireGuard", "Scripting", "Filter".
/// </remarks>
public static class RouterOsWriter
{
    /// <summary>Writes the commands.</summary>
    /// <param name="interfaceName">The interface's name over there.</param>
    /// <param name="conf">The configuration of that end, as the text of a wg-quick(8) file. Without a private key, RouterOS makes one.</param>
    /// <exception cref="ConfigException">The name is empty, or a stock tool would refuse the file.</exception>
    public static CommandScript Write(string interfaceName, string conf)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        ArgumentNullException.ThrowIfNull(conf);
        if (interfaceName.Length == 0)
        {
            throw new ConfigException("the interface has no name; give one.");
        }

        using TunnelEnd end = TunnelEnd.Read(interfaceName, conf);
        var losses = new RouterOsLosses(end);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# WireGuard {Quote(end.Name)} for RouterOS 7: paste this into a terminal, or /import the file.\n");
        WriteInterface(text, end);
        foreach (TunnelEndPeer peer in end.Peers)
        {
            WritePeer(text, end, peer, losses);
        }

        foreach (QuickAddress address in end.Addresses)
        {
            text.Append(CultureInfo.InvariantCulture, $"/{Family(address.Address)}/address/add address={address} interface={Quote(end.Name)}");
            text.Append(address.Address.IsV6 ? " advertise=no\n" : "\n");
        }

        WriteRoutes(text, end, losses);
        WriteFirewall(text, end);
        WriteNames(text, end);
        if (end.PrivateKey is null)
        {
            text.Append("# RouterOS has made the private key. The public one, for the other end:\n");
            text.Append(CultureInfo.InvariantCulture, $":put [/interface/wireguard/get [find name={Quote(end.Name)}] public-key]\n");
        }

        return new CommandScript(text.ToString(), losses.List());
    }

    private static string Quote(string text) => RouterOsString.Quote(text);

    private static string Family(IpAddress address) => address.IsV6 ? "ipv6" : "ip";

    private static void WriteInterface(StringBuilder text, TunnelEnd end)
    {
        text.Append(CultureInfo.InvariantCulture, $"/interface/wireguard/add name={Quote(end.Name)}");
        if (end.ListenPort is { } port)
        {
            text.Append(CultureInfo.InvariantCulture, $" listen-port={port}");
        }

        if (end.Mtu is { } mtu)
        {
            text.Append(CultureInfo.InvariantCulture, $" mtu={mtu}");
        }

        if (end.PrivateKey is { } key)
        {
            AppendKey(text, " private-key", key.DangerousSpan);
        }

        text.Append('\n');
    }

    private static void AppendKey(StringBuilder text, string property, ReadOnlySpan<byte> key)
    {
        Span<char> base64 = stackalloc char[KeyText.Base64Length];
        KeyText.ToBase64(key, base64);
        text.Append(CultureInfo.InvariantCulture, $"{property}=\"{base64}\"");
        base64.Clear();
    }

    private static void WritePeer(StringBuilder text, TunnelEnd end, TunnelEndPeer peer, RouterOsLosses losses)
    {
        if (peer.AllowedIps.Count == 0)
        {
            losses.AddPeer(peer, "the peer has no AllowedIPs, which RouterOS requires; it is a comment in the commands.");
            text.Append("# RouterOS takes no peer without allowed-address; give it one and take the '#' away:\n# ");
        }

        text.Append(CultureInfo.InvariantCulture, $"/interface/wireguard/peers/add interface={Quote(end.Name)}");
        text.Append(peer.Name is null ? "" : $" comment={Quote(peer.Name)}");
        text.Append(CultureInfo.InvariantCulture, $" public-key=\"{peer.PublicKey}\"");
        if (peer.PresharedKey is { } key)
        {
            AppendKey(text, " preshared-key", key.DangerousSpan);
        }

        if (peer.Endpoint is { } endpoint)
        {
            if (ConfEndpoint.TryParsePort(endpoint.Service, out ushort port) && endpoint.Host.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" endpoint-address={Quote(endpoint.Host)} endpoint-port={port}");
            }
            else
            {
                losses.AddPeer(peer, $"the endpoint {ConfText.Quote(endpoint.Text)} has no host or no port as a number; write both.");
            }
        }

        text.Append(" allowed-address=").Append(string.Join(',', peer.AllowedIps));
        if (peer.KeepaliveSeconds != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" persistent-keepalive={peer.KeepaliveSeconds}s");
        }

        text.Append('\n');
    }

    private static void WriteRoutes(StringBuilder text, TunnelEnd end, RouterOsLosses losses)
    {
        if (end.Quick.Table is not null)
        {
            return;
        }

        foreach (IpPrefix prefix in end.FindRoutes())
        {
            string route = $"/{Family(prefix.Address)}/route/add dst-address={prefix} gateway={Quote(end.Name)}";
            if (prefix.Length == 0)
            {
                WriteDefaultRoute(text, end, prefix, route);
                losses.AddDefaultRoute(prefix);
            }
            else
            {
                text.Append(route).Append('\n');
            }
        }
    }

    /// <summary>A default route would take the tunnel's own datagrams and the administrator's session along: it stays theirs to add.</summary>
    private static void WriteDefaultRoute(StringBuilder text, TunnelEnd end, IpPrefix prefix, string route)
    {
        string family = Family(prefix.Address);
        text.Append(CultureInfo.InvariantCulture, $"""
            # {prefix} is all traffic, so its route is left to you: it replaces the way to the Internet, also for whoever is logged in from there.
            # First keep the way to each endpoint, by the gateway that is in use now (see /{family}/route/print); then add the route:

            """);
        foreach (TunnelEndPeer peer in end.Peers)
        {
            if (peer.Endpoint is not { Host.Length: > 0 } endpoint)
            {
                continue;
            }

            bool isAddress = endpoint.TryGetAddress(out IpEndpoint known);
            if (!isAddress || known.Address.IsV6 == prefix.Address.IsV6)
            {
                string host = isAddress ? new IpPrefix(known.Address, known.Address.Bits).ToString() : $"ADDRESS-NOW-OF-{Quote(endpoint.Host)}";
                text.Append(CultureInfo.InvariantCulture, $"# /{family}/route/add dst-address={host} gateway=GATEWAY-IN-USE-NOW\n");
            }
        }

        text.Append("# ").Append(route).Append('\n');
    }

    private static void WriteFirewall(StringBuilder text, TunnelEnd end)
    {
        string label = Quote($"WireGuard {end.Name}");
        if (end.ListenPort is { } port)
        {
            text.Append("# Let the other ends in, before the rules that drop:\n");
            foreach (string family in (string[])["ip", "ipv6"])
            {
                string menu = $"/{family}/firewall/filter";
                text.Append(CultureInfo.InvariantCulture, $"{menu}/add chain=input action=accept protocol=udp dst-port={port} comment={label}\n");
                text.Append(CultureInfo.InvariantCulture, $"{menu}/move [find comment={label}] [:pick [find chain=input action=drop dynamic=no] 0]\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"""
            # MikroTik's default firewall drops what comes through the tunnel to the router itself; to treat it as the LAN:
            # /interface/list/member/add list=LAN interface={Quote(end.Name)}

            """);
    }

    private static void WriteNames(StringBuilder text, TunnelEnd end)
    {
        bool isFirst = true;
        foreach (TunnelEndPeer peer in end.Peers)
        {
            if (peer.Name is null || peer.AllowedIps.Count == 0)
            {
                continue;
            }

            text.Append(isFirst ? "# Names are new in 7.15; an older RouterOS refuses these lines, and nothing else is lost:\n" : "");
            text.Append(CultureInfo.InvariantCulture, $"/interface/wireguard/peers/set [find interface={Quote(end.Name)} public-key=\"{peer.PublicKey}\"]");
            text.Append(" name=").Append(Quote(peer.Name)).Append('\n');
            isFirst = false;
        }
    }
}
