using System.Net;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Quick;

namespace Chasqui.Provision;

/// <summary>The running interface of a hub's file, and the routes that come and go with its peers.</summary>
internal sealed class RunningHub : IDisposable
{
    private readonly UapiClient _control = new();
    private readonly Rtnetlink _rtnetlink = Rtnetlink.Open();
    private readonly QuickFile _file;
    private readonly LinkInfo? _link;
    private readonly uint _table;

    private RunningHub(QuickFile file)
    {
        _file = file;
        try
        {
            _table = QuickTable.Read(file.Conf, file.Path).Number;
            _link = _rtnetlink.TryGetLink(file.InterfaceName, out LinkInfo link) ? link : null;
            Snapshot = ReadSnapshot();
        }
        catch
        {
            _rtnetlink.Dispose();
            throw;
        }
    }

    /// <summary>The interface as it runs; null if it does not, or not under a daemon that we can talk to.</summary>
    internal DeviceSnapshot? Snapshot { get; }

    /// <summary>Whether there is an interface of that name, and no daemon answers for it.</summary>
    internal bool IsOutOfReach => Snapshot is null && _link is not null;

    internal static RunningHub Open(QuickFile file) => new(file);

    /// <summary>The running peer of a key; null if there is none.</summary>
    internal PeerSnapshot? Find(PublicKey key) => Snapshot?.Peers.FirstOrDefault(peer => peer.PublicKey == key);

    /// <summary>Changes the running interface.</summary>
    internal void Set(DeviceChange change) => Set(change, null);

    /// <summary>Changes the running interface, and gives it names of endpoints, if its daemon resolves them.</summary>
    internal void Set(DeviceChange change, DeviceChange? names)
    {
        _control.Set(_file.InterfaceName, change);
        if (names is not null)
        {
            _ = _control.TrySetNames(_file.InterfaceName, names);
        }
    }

    /// <summary>Adds the routes that <c>up</c> would have added for these prefixes.</summary>
    internal void AddRoutes(QuickTransaction steps, IEnumerable<IpPrefix> prefixes)
    {
        if (_link is not { IsUp: true } link || _file.Conf.IsTableOff)
        {
            return;
        }

        foreach (IpPrefix prefix in prefixes)
        {
            var network = new IPNetwork(prefix.Address.ToIPAddress(), prefix.Length);
            if (_table != 0 || !steps.Ask("ip route show", () => IsCovered(link, network)))
            {
                steps.Do(
                    $"ip {Words("add", prefix)}",
                    "Another interface may have that network already: see `ip route show'; Table = off adds no routes.",
                    () => _rtnetlink.AddRoute(link.Index, network, _table),
                    $"ip {Words("delete", prefix)}",
                    () => _rtnetlink.DeleteRoute(link.Index, network, _table));
            }
        }
    }

    /// <summary>Deletes the routes that <c>up</c> added for these prefixes; those of the interface's own addresses are the kernel's.</summary>
    internal void DeleteRoutes(QuickTransaction steps, IEnumerable<IpPrefix> prefixes)
    {
        if (_link is not { } link || _file.Conf.IsTableOff)
        {
            return;
        }

        foreach (IpPrefix prefix in prefixes.Where(prefix => !_file.Addresses.Any(address => address.Prefix == prefix)))
        {
            var network = new IPNetwork(prefix.Address.ToIPAddress(), prefix.Length);
            if (steps.Ask("ip route show", () => HasRoute(link, network)))
            {
                steps.Do(
                    $"ip {Words("delete", prefix)}",
                    "",
                    () => _rtnetlink.DeleteRoute(link.Index, network, _table),
                    $"ip {Words("add", prefix)}",
                    () => _rtnetlink.AddRoute(link.Index, network, _table));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Snapshot?.Dispose();
        _rtnetlink.Dispose();
    }

    private DeviceSnapshot? ReadSnapshot()
    {
        try
        {
            return _control.Get(_file.InterfaceName);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EPROTONOSUPPORT or Errno.ENODEV or Errno.EOPNOTSUPP)
        {
            return null;
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new QuickException($"`{_file.InterfaceName}' runs and is not ours to change. Run this as root", exception);
        }
    }

    private string Words(string verb, IpPrefix prefix) =>
        $"-{(prefix.Address.IsV6 ? 6 : 4)} route {verb} {prefix} dev {_file.InterfaceName}{(_table == 0 ? "" : $" table {_file.Conf.Table}")}";

    private bool IsCovered(LinkInfo link, IPNetwork network) => Routes(network).Any(
        route => route.InterfaceIndex == link.Index && route.Table == RouteInfo.MainTable && route.Covers(network));

    private bool HasRoute(LinkInfo link, IPNetwork network) => Routes(network).Any(
        route => route.InterfaceIndex == link.Index && route.Table == (_table == 0 ? RouteInfo.MainTable : _table)
            && route.PrefixLength == network.PrefixLength && route.Destination.Equals(network.BaseAddress));

    private IReadOnlyList<RouteInfo> Routes(IPNetwork network) =>
        _rtnetlink.GetRoutes(network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6);
}
