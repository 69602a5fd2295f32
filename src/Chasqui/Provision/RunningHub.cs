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
    private readonly InterfaceSteps _interface;
    private readonly QuickTable _table;

    private RunningHub(QuickFile file)
    {
        _file = file;
        _interface = new InterfaceSteps(_rtnetlink, file.InterfaceName);
        try
        {
            _table = QuickTable.Read(file.Conf, file.Path);
            _link = _rtnetlink.TryGetLink(file.InterfaceName, out LinkInfo link) ? link : null;
            _interface.Index = _link?.Index ?? 0;
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
        if (_link is not { IsUp: true } || _table.IsOff)
        {
            return;
        }

        foreach (IpPrefix prefix in prefixes)
        {
            if (!_table.IsAuto || !steps.Ask("ip route show", () => _interface.IsCovered(prefix)))
            {
                steps.Do(_interface.AddRoute(prefix, _table.Number, QuickTable.Words(_table.Number)));
            }
        }
    }

    /// <summary>Deletes the routes that <c>up</c> added for these prefixes; those of the interface's own addresses are the kernel's.</summary>
    internal void DeleteRoutes(QuickTransaction steps, IEnumerable<IpPrefix> prefixes)
    {
        if (_link is null || _table.IsOff)
        {
            return;
        }

        foreach (IpPrefix prefix in prefixes.Where(prefix => !_file.Addresses.Any(address => address.Prefix == prefix)))
        {
            if (steps.Ask("ip route show", () => HasRoute(prefix)))
            {
                steps.Do(_interface.RemoveRoute(prefix, _table.Number));
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

    private bool HasRoute(IpPrefix prefix)
    {
        IPNetwork network = QuickRouting.NetworkOf(prefix);
        return _rtnetlink.GetRoutes(prefix.Address.IsV6).Any(
            route => route.InterfaceIndex == _interface.Index && route.Table == (_table.IsAuto ? RouteInfo.MainTable : _table.Number)
                && route.PrefixLength == prefix.Length && route.Destination.Equals(network.BaseAddress));
    }
}
