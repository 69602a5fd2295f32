using Chasqui.Cli.Commands.Live;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Cli.Live;

/// <summary>An interface with three peers: one that talks, one that does not answer, one that was never seen.</summary>
internal static class WatchScene
{
    internal const long Now = 1_700_000_100_000_000_000;

    internal static readonly PublicKey Phone = TestDevice.SomeKey(1), Office = TestDevice.SomeKey(2), Spare = TestDevice.SomeKey(3);

    internal static PeerTitles Titles { get; } = new(new Dictionary<PublicKey, string> { [Phone] = "phone", [Office] = "office\e[2J" });

    /// <summary>The interface some seconds after the first look, with so many bytes received by the phone.</summary>
    internal static TunnelStatus Status(double seconds = 0, ulong received = 0) => new()
    {
        At = new Instant((long)((1000 + seconds) * 1e9)),
        UnixNanoseconds = Now + (long)(seconds * 1e9),
        IsUp = true,
        Mtu = 1420,
        ListenPort = 51820,
        Drops = new Dictionary<DropReason, long> { [DropReason.InvalidMac1] = 4 },
        Recent =
        [
            new TunnelEvent { Kind = TunnelEventKind.HandshakeCompleted, At = new Instant(990_000_000_000), Peer = Phone, Remote = At("192.0.2.7:1") },
            new TunnelEvent { Kind = TunnelEventKind.HandshakeUnanswered, At = new Instant(998_000_000_000), Peer = Office, Remote = At("198.51.100.1:2"), Number = 3 },
        ],
        Peers =
        [
            new PeerStatus
            {
                PublicKey = Phone,
                Endpoint = At("192.0.2.7:51820"),
                ReceivedBytes = received,
                SessionAge = TimeSpan.FromSeconds(12),
                LastHandshakeUnixNanoseconds = Now - 12_000_000_000,
                HandshakeRoundTrip = TimeSpan.FromMilliseconds(24),
                SessionPackets = 199,
                SessionPacketsMissing = 1,
            },
            new PeerStatus
            {
                PublicKey = Office,
                Endpoint = At("198.51.100.1:51820"),
                IsHandshaking = true,
                HandshakeAttempts = 3,
                Drops = new Dictionary<DropReason, long> { [DropReason.HandshakeTimedOut] = 2 },
            },
            new PeerStatus { PublicKey = Spare },
        ],
    };

    internal static WatchSubject Subject(params TunnelStatus[] statuses)
    {
        var subject = new WatchSubject("wg0", Titles);
        foreach (TunnelStatus status in statuses)
        {
            subject.Update(_ => status);
        }

        return subject;
    }

    internal static IpEndpoint At(string text)
    {
        Assert.True(IpEndpoint.TryParse(text, out IpEndpoint endpoint), text);
        return endpoint;
    }
}
