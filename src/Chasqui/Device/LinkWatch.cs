using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>Follows one interface: up or down, MTU, deleted, or moved to another network namespace, where it is followed on.</summary>
/// <remarks>
/// The interface is asked through its own descriptor where it is now, so a move is noticed without polling.
/// Threads: the control thread. Source: TUNGETDEVNETNS of linux/if_tun.h, Linux 5.2.
/// </remarks>
internal sealed class LinkWatch : IDisposable
{
    private readonly TunDevice _tun;
    private readonly List<NetworkEvent> _events = [];
    private NetworkMonitor _monitor;
    private LinkInfo _link;

    /// <summary>Starts to follow <paramref name="tun"/> in whatever namespace it is.</summary>
    internal LinkWatch(TunDevice tun)
    {
        _tun = tun;
        _monitor = Open();
    }

    /// <summary>Readable when there may be news. Another one after <see cref="Read"/> has said so.</summary>
    internal FileDescriptor Descriptor => _monitor.Descriptor;

    /// <summary>Whether the interface is up.</summary>
    internal bool IsUp => _link.IsUp;

    /// <summary>Its MTU in bytes.</summary>
    internal int Mtu => _link.Mtu;

    /// <summary>Whether the interface was deleted.</summary>
    internal bool IsDeleted { get; private set; }

    /// <summary>Takes the news in.</summary>
    /// <returns>Whether <see cref="Descriptor"/> is another one now.</returns>
    internal bool Read()
    {
        _events.Clear();
        _monitor.Read(_events);
        bool mayHaveMoved = false;
        foreach (NetworkEvent change in _events)
        {
            switch (change.Kind)
            {
                case NetworkEventKind.LinkChanged when change.Link.Index == _link.Index:
                    _link = change.Link;
                    break;
                case NetworkEventKind.LinkDeleted or NetworkEventKind.LinkMoved when change.Link.Index == _link.Index:
                case NetworkEventKind.Overrun:
                    mayHaveMoved = true;
                    break;
            }
        }

        if (mayHaveMoved)
        {
            _monitor.Dispose();
            _monitor = Open();
        }

        return mayHaveMoved;
    }

    /// <inheritdoc/>
    public void Dispose() => _monitor.Dispose();

    private NetworkMonitor Open()
    {
        using FileDescriptor? place = _tun.OpenNetworkNamespace();
        return place is null ? OpenHere() : NetworkNamespace.Run(place, OpenHere);
    }

    /// <summary>Listens first and looks then, so that no change falls between the two.</summary>
    private NetworkMonitor OpenHere()
    {
        NetworkMonitor monitor = NetworkMonitor.Open(NetworkEventSources.Links);
        using Rtnetlink rtnetlink = Rtnetlink.Open();
        IsDeleted = !_tun.TryGetCurrentName(out string name) || !rtnetlink.TryGetLink(name, out _link);
        return monitor;
    }
}
