using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux;

namespace Chasqui.Tests.Control;

public sealed class EventSentenceTests
{
    private static readonly PublicKey Key = new([1, .. new byte[31]]);
    private static readonly IpEndpoint Here = new(IpAddress.V4(0x01020304), 5);
    private static readonly IpEndpoint There = new(IpAddress.V6(1, 2), 6);

    [Fact]
    public void SaysWhoAndWhereAndWhat()
    {
        Assert.Equal(
            "peer(AQAA…AAAA) 1.2.3.4:5: moved here from [::1:0:0:0:2]:6",
            EventSentence.Of(new TunnelEvent { Kind = TunnelEventKind.PeerRoamed, Peer = Key, Remote = Here, Before = There }));
        Assert.Equal(
            "1.2.3.4:5: handshake for another public key than ours; 17 more like it",
            EventSentence.Of(TunnelEvent.Drop(DropReason.InvalidMac1, default, Here) with { Untold = 17 }));
        Assert.Equal(
            "peer(AQAA…AAAA) 1.2.3.4:5: packet from 10.0.0.9, which it may not use: it is nobody's",
            EventSentence.Of(TunnelEvent.Drop(DropReason.SourceNotAllowed, default, Here) with { Peer = Key, Inner = IpAddress.V4(0x0A000009) }));
        Assert.Equal(
            "office 1.2.3.4:5: packet from 10.0.0.9, which it may not use: it is phone's",
            EventSentence.Of(
                TunnelEvent.Drop(DropReason.SourceNotAllowed, default, Here) with { Peer = Key, Owner = default(PublicKey), Inner = IpAddress.V4(0x0A000009) },
                key => key == Key ? "office" : "phone"));
        Assert.Contains("(ENETUNREACH)", EventSentence.Of(new TunnelEvent { Kind = TunnelEventKind.SendFailed, Number = Errno.ENETUNREACH }));
    }

    [Fact]
    public void EachKindAndReasonHasASentenceOfItsOwn()
    {
        List<string> sentences =
        [
            .. Enum.GetValues<TunnelEventKind>().Where(kind => kind != TunnelEventKind.Dropped).Select(kind => EventSentence.Of(new TunnelEvent { Kind = kind })),
            .. Enum.GetValues<DropReason>().Where(reason => reason != DropReason.None).Select(reason => EventSentence.Of(TunnelEvent.Drop(reason, default))),
        ];

        Assert.Equal(sentences.Count, sentences.Distinct().Count());
        Assert.All(sentences, sentence => Assert.Contains(' ', sentence));
    }
}
