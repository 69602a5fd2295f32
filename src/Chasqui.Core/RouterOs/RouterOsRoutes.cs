using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.RouterOs;

/// <summary>Brings RouterOS's routes, which are its own, together with those that wg-quick(8) makes of AllowedIPs.</summary>
internal sealed class RouterOsRoutes(string name, IReadOnlyList<QuickAddress> addresses, RouterOsTables tables, List<RouterOsNote> notes)
{
    private readonly List<IpPrefix> _routes = [];
    private readonly PrefixCover _allowed = new();
    private readonly PrefixCover _routed = new();
    private readonly PrefixCover _connected = new();

    /// <summary>Writes what the interface's section needs, so that nobody's default route goes into the tunnel who had none there.</summary>
    internal void Write(ConfSection section, IReadOnlyList<KeyValuePair<IpPrefix, int>> allowedIps)
    {
        foreach (QuickAddress address in addresses)
        {
            _connected.Add(address.Prefix);
        }

        foreach ((IpPrefix prefix, _) in allowedIps)
        {
            _allowed.Add(prefix);
        }

        ReadRoutes(RouterOsTables.Routes);
        ReadRoutes(RouterOsTables.RoutesV6);
        bool hasDefault = _routes.Exists(static route => route.Length == 0);
        foreach ((IpPrefix prefix, int line) in allowedIps)
        {
            if (_routed.Covers(prefix) || (prefix.Length > 0 && _connected.Covers(prefix)))
            {
                continue;
            }

            if (prefix.Length == 0 && !hasDefault)
            {
                WriteOwnRoutes(section);
                notes.Add(new RouterOsNote(line, $"{prefix} is allowed, and this text has no such route: the file has Table = off, and the routes "
                    + "that there are as PostUp. Take these out, if all traffic is to go through the tunnel."));
                return;
            }

            notes.Add(new RouterOsNote(line, $"{prefix} is allowed, and this text has no route to it; wg-quick adds one, unless Table = off."));
        }
    }

    private void ReadRoutes(string menu)
    {
        foreach (RouterOsItem item in tables.Of(menu))
        {
            if (!IsOurs(item.Get("gateway")))
            {
                continue;
            }

            string text = item.Get("dst-address") ?? (menu == RouterOsTables.Routes ? "0.0.0.0/0" : "::/0");
            bool isPrefix = IpPrefix.TryParse(text, out IpPrefix prefix);
            bool isMain = (item.Get("routing-table") ?? "main") == "main" && item.Get("vrf-interface") is null;
            string? why = !isPrefix ? "is no address with a length"
                : item.IsDisabled ? "is disabled"
                : !isMain ? "is in another table than main"
                : item.Is("blackhole") ? "is a black hole"
                : !_allowed.Covers(prefix) ? "goes where no allowed-address reaches"
                : null;
            if (why is null)
            {
                _routes.Add(prefix);
                _routed.Add(prefix);
            }
            else
            {
                notes.Add(new RouterOsNote(item.Line, $"the route to {ConfText.Quote(text)} {why}; it is left out."));
            }
        }
    }

    /// <summary>Whether a gateway is the interface, or an address behind it.</summary>
    private bool IsOurs(string? gateway)
    {
        if (gateway is null)
        {
            return false;
        }

        int percent = gateway.LastIndexOf('%');
        return gateway == name || (percent >= 0 && gateway[(percent + 1)..] == name)
            || (IpAddress.TryParse(gateway, out IpAddress host) && addresses.Any(address => address.Prefix.Contains(host)));
    }

    private void WriteOwnRoutes(ConfSection section)
    {
        section.Set(ConfKeys.Table, "off");
        foreach (IpPrefix route in _routes.Where(route => !_connected.Covers(route)).Distinct())
        {
            string family = route.Address.IsV6 ? "-6" : "-4";
            section.Add(ConfKeys.PostUp, string.Create(CultureInfo.InvariantCulture, $"ip {family} route add {route} dev %i"));
        }
    }
}
