using Chasqui.Core;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux;

namespace Chasqui.Explain;

/// <summary>Asks peers inside of the tunnel whether they are there, and what fits through.</summary>
internal static class EchoReader
{
    // Peers that are asked one after the other: a hub may have thousands that only send.
    private const int MaxAsked = 3;
    private const int ShortBytes = 84;
    private const int Tries = 3;

    // Packets are padded to a multiple of this, so that more is not to be told apart; and IP wants this much at least.
    private const int Step = ProtocolConstants.PaddingMultiple;
    private const int LeastV4 = 576, LeastV6 = 1280;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400), LongestPatience = TimeSpan.FromSeconds(1);

    /// <summary>Sends echo requests to peers from which nothing comes back; to none if this process may not.</summary>
    internal static IReadOnlyList<EchoEvidence> Ask(string interfaceName, TunnelStatus status, IReadOnlyList<PublicKey> oneWay)
    {
        List<EchoEvidence> found = [];
        foreach (PeerStatus peer in status.Peers.Where(peer => oneWay.Contains(peer.PublicKey)).Take(MaxAsked))
        {
            try
            {
                if (AddressOf(peer) is { IsNone: false } address)
                {
                    using var asker = new EchoAsker(interfaceName, address);
                    found.Add(new EchoEvidence(peer.PublicKey, address, asker.Ask(ShortBytes, Patience, Tries)));
                }
            }
            catch (LinuxException)
            {
                break; // without CAP_NET_RAW there is less to go by
            }
        }

        return found;
    }

    /// <summary>Finds the largest packet that gets to a peer and back: some ten lengths, each tried three times for up to a second.</summary>
    /// <exception cref="LinuxException">EPERM: it takes CAP_NET_RAW.</exception>
    internal static PathMtu Measure(string interfaceName, int mtu, PeerStatus peer)
    {
        IpAddress address = AddressOf(peer);
        if (address.IsNone)
        {
            return new PathMtu(peer.PublicKey, default, 0, mtu);
        }

        using var asker = new EchoAsker(interfaceName, address);
        asker.ForbidFragments();
        if (!asker.Ask(ShortBytes, LongestPatience, Tries))
        {
            return new PathMtu(peer.PublicKey, address, 0, mtu);
        }

        TimeSpan patience = asker.RoundTrip * 3;
        patience = patience < Patience ? Patience : patience > LongestPatience ? LongestPatience : patience;
        return new PathMtu(peer.PublicKey, address, FindLargest(asker, mtu, address.IsV6 ? LeastV6 : LeastV4, patience), mtu);
    }

    /// <summary>By halves: what fits is answered, and what is larger than something that does not fit does not, either.</summary>
    private static int FindLargest(EchoAsker asker, int mtu, int least, TimeSpan patience)
    {
        if (asker.Ask(mtu, patience, Tries))
        {
            return mtu;
        }

        int fits = ShortBytes / Step, fitsNot = (mtu + Step - 1) / Step;
        if (least < mtu && asker.Ask(least / Step * Step, patience, Tries))
        {
            fits = least / Step;
        }

        while (fitsNot - fits > 1)
        {
            int middle = (fits + fitsNot) / 2;
            bool isAnswered = asker.Ask(middle * Step, patience, Tries);
            (fits, fitsNot) = isAnswered ? (middle, fitsNot) : (fits, middle);
        }

        return fits * Step;
    }

    /// <summary>The first single address of a peer; none if it has only networks.</summary>
    private static IpAddress AddressOf(PeerStatus peer) =>
        peer.AllowedIps.FirstOrDefault(static prefix => prefix.Length > 0 && prefix.Length == prefix.Address.Bits).Address;
}
