using Chasqui.Core;
using Chasqui.Linux;
using Chasqui.Linux.Icmp;

namespace Chasqui.Device;

/// <summary>Hears what the network says of datagrams that did not get to a peer, and has the tunnel take note of it.</summary>
/// <remarks>
/// What it says counts only if it quotes a datagram from our port to a peer's endpoint. It changes nothing but what the owner is told, since anybody can
/// say it. A storm of such messages is heard a few at a time, ten times a second at most. Without CAP_NET_RAW there is nothing to hear. Threads: one.
/// </remarks>
internal sealed class NetworkErrors(IReadOnlyList<NetworkErrorSocket> sockets)
{
    private const int Share = 20;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    // Of each family at a time: each that is ours costs a look at all peers.
    private const int AtOnce = 8;

    private readonly List<int> _places = [];

    /// <summary>
    /// How long nothing is read after something was: a twentieth of the time is the most that anybody's ICMP takes, also where thousands of peers are looked at for each.
    /// </summary>
    internal static TimeSpan PauseAfter(TimeSpan reading) => reading * Share > ShortestPause ? reading * Share : ShortestPause;

    /// <summary>Whether anything can be heard.</summary>
    internal bool IsOpen => sockets.Count > 0;

    /// <summary>How many descriptors <see cref="AddTo"/> adds.</summary>
    internal int Count => sockets.Count;

    /// <summary>Waits with a poller, which is used from here on.</summary>
    internal void AddTo(Poller poller)
    {
        _places.Clear();
        foreach (NetworkErrorSocket socket in sockets)
        {
            _places.Add(poller.Add(socket.Descriptor, PollEvents.Read));
        }
    }

    /// <summary>Whether something was said.</summary>
    internal bool IsReady(Poller poller) => _places.Exists(place => poller.Ready(place) != 0);

    /// <summary>Waits for more, or for nothing.</summary>
    internal void Listen(Poller poller, bool isWanted) => _places.ForEach(place => poller.SetEvents(place, isWanted ? PollEvents.Read : PollEvents.None));

    /// <summary>Reads what was said.</summary>
    /// <param name="tunnel">Who is told.</param>
    /// <param name="port">The port of our datagrams; 0 for none, so that nothing is ours.</param>
    /// <param name="now">Monotonic time.</param>
    internal void Read(Tunnel tunnel, ushort port, Instant now)
    {
        foreach (NetworkErrorSocket socket in sockets)
        {
            for (int i = 0; i < AtOnce && socket.TryReceive(out NetworkError error); i++)
            {
                if (error.LocalPort == port && port != 0)
                {
                    tunnel.NoteUnreachable(UdpMapping.ToEndpoint(error.Remote), error.Errno, now);
                }
            }
        }
    }
}
