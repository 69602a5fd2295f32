using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>Follows one interface: up or down, MTU, deleted, or moved to another network namespace, where it is followed on.</summary>
/// <remarks>
/// The interface is asked through its own descriptor where it is now, so a move is noticed without polling. Where that cannot be
/// asked (Linux before 5.2), or nothing is heard from there (<see cref="ForeignLinks"/>), an interface that has left counts as up.
/// Threads: one at a time. Source: TUNGETDEVNETNS of linux/if_tun.h.
/// </remarks>
internal sealed class LinkWatch : IDisposable
{
    // The interface may be renamed or moved between two questions; then they are asked again.
    private const int MaxLooks = 8;

    private readonly TunDevice _tun;
    private readonly HomeNamespace _home;
    private readonly ForeignLinks? _foreign;
    private readonly List<NetworkEvent> _events = [];
    private NetworkMonitor _monitor;
    private LinkInfo _link;

    /// <summary>Starts to follow <paramref name="tun"/> in whatever namespace it is.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    internal LinkWatch(TunDevice tun, HomeNamespace home, ForeignLinks? foreign)
    {
        _foreign = foreign;
        _tun = tun;
        _home = home;
        _monitor = Find();
    }

    /// <summary>Readable when there may be news. Another one after a move.</summary>
    internal FileDescriptor Descriptor => _monitor.Descriptor;

    /// <summary>Whether the interface is up.</summary>
    internal bool IsUp { get; private set; }

    /// <summary>Whether it was down at any time between the last two looks, if only for a moment.</summary>
    internal bool WasDown { get; private set; }

    /// <summary>Its MTU in bytes; 0 if it is not known.</summary>
    internal int Mtu => _link.Mtu;

    /// <summary>Whether the interface was deleted.</summary>
    internal bool IsDeleted { get; private set; }

    /// <summary>Takes the news in, without waiting for any.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="LinuxException">EMFILE and the like; the interface is lost sight of then.</exception>
    internal bool Read()
    {
        _events.Clear();
        _ = _monitor.Read(_events);
        WasDown = false;
        bool isNews = false;
        bool mayHaveMoved = false;
        foreach (NetworkEvent change in _events)
        {
            if (change.Kind == NetworkEventKind.Overrun)
            {
                mayHaveMoved = true;
            }
            else if (change.Link.Index == _link.Index)
            {
                isNews = true;
                mayHaveMoved |= change.Kind != NetworkEventKind.LinkChanged;
                Take(change.Link);
                WasDown |= !IsUp;
            }
        }

        if (mayHaveMoved)
        {
            NetworkMonitor old = _monitor;
            _monitor = Find();
            old.Dispose();
        }

        return isNews || mayHaveMoved;
    }

    /// <inheritdoc/>
    public void Dispose() => _monitor.Dispose();

    /// <summary>Looks for the interface wherever it may be.</summary>
    private NetworkMonitor Find()
    {
        for (int look = 1; ; look++)
        {
            NetworkMonitor monitor = FindOnce(out bool isFound, out bool isKnownPlace);
            IsDeleted = !_tun.TryGetCurrentName(out _);
            if (isFound || IsDeleted)
            {
                return monitor;
            }

            if (!isKnownPlace || look == MaxLooks)
            {
                _link = default;
                IsUp = true;
                return monitor;
            }

            monitor.Dispose();
        }
    }

    private NetworkMonitor FindOnce(out bool isFound, out bool isKnownPlace)
    {
        using FileDescriptor? place = _tun.OpenNetworkNamespace();
        bool isElsewhere = place is not null && !_home.Is(place);
        isKnownPlace = place is not null && (!isElsewhere || _foreign is not null);
        LinkInfo? link = null;
        NetworkMonitor monitor = isElsewhere && isKnownPlace
            ? LookThere(place!, out link)
            : _home.Run(() => LookHere(out link));
        isFound = link is not null;
        if (link is { } found)
        {
            Take(found);
        }

        return monitor;
    }

    private NetworkMonitor LookThere(FileDescriptor place, out LinkInfo? link)
    {
        _ = _tun.TryGetCurrentName(out string name);
        return _foreign!.Follow(place, name, out link);
    }

    /// <summary>Listens first and looks then, so that no change falls between the two.</summary>
    private NetworkMonitor LookHere(out LinkInfo? link)
    {
        link = null;
        _foreign?.Rest();
        NetworkMonitor monitor = NetworkMonitor.Open(NetworkEventSources.Links);
        try
        {
            using Rtnetlink rtnetlink = Rtnetlink.Open();
            if (_tun.TryGetCurrentName(out string name) && rtnetlink.TryGetLink(name, out LinkInfo found))
            {
                link = found;
            }

            return monitor;
        }
        catch
        {
            monitor.Dispose();
            throw;
        }
    }

    private void Take(LinkInfo link)
    {
        _link = link;
        IsUp = link.IsUp;
    }
}
