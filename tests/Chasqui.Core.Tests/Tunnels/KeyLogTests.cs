using System.Buffers;
using System.Text;
using Chasqui.Core.Crypto;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>The keys of handshakes are kept while somebody asks, for so long as he asked, and for nobody else.</summary>
public sealed class KeyLogTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TunnelPair _pair = new(new SeededEntropy(7));
    private readonly byte[] _buffer = new byte[70_000];

    private Instant Now => _pair.Moment.Now;

    private Instant Earlier => new(Now.Nanoseconds - (Hour.Ticks * TimeSpan.NanosecondsPerTick));

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void BothEndsOfAHandshakeHaveTheirOwnKeyOfIt()
    {
        KeyLog a = _pair.A.BeginKeyLog(Now, Hour)!, b = _pair.B.BeginKeyLog(Now, Hour)!;

        _pair.Establish();

        string[] ofA = Take(_pair.A, a), ofB = Take(_pair.B, b);
        Assert.Equal($"LOCAL_STATIC_PRIVATE_KEY={KeyText.ToBase64(_pair.KeyA.DangerousSpan)}", ofA[0]);
        Assert.Equal($"REMOTE_STATIC_PUBLIC_KEY={_pair.KeyB.DerivePublicKey()}", ofA[1]);
        Assert.StartsWith("LOCAL_EPHEMERAL_PRIVATE_KEY=", ofA[2], StringComparison.Ordinal);
        Assert.StartsWith("LOCAL_EPHEMERAL_PRIVATE_KEY=", ofB[2], StringComparison.Ordinal);
        Assert.Equal((3, 3), (ofA.Length, ofB.Length));
        Assert.NotEqual(ofA[2], ofB[2]);
    }

    [Fact]
    public void NothingIsKeptBeforeSomebodyAsks()
    {
        _pair.Establish();
        KeyLog log = _pair.A.BeginKeyLog(Now, Hour)!;

        Assert.StartsWith("LOCAL_STATIC_PRIVATE_KEY=", Assert.Single(Take(_pair.A, log)), StringComparison.Ordinal);
        Assert.Empty(Take(_pair.A, log));
    }

    [Fact]
    public void OneAtATimeAndNotPastItsTime()
    {
        KeyLog first = _pair.A.BeginKeyLog(Now, Hour)!;
        Assert.Null(_pair.A.BeginKeyLog(Now, Hour));

        KeyLog second = _pair.A.BeginKeyLog(Now + Hour, Hour)!;

        Assert.False(_pair.A.TryTakeKeys(Now + Hour, first, new ArrayBufferWriter<byte>()));
        _pair.A.EndKeyLog(Now + Hour, first); // which has ended already, and ends no other
        Assert.True(_pair.A.TryTakeKeys(Now + Hour, second, new ArrayBufferWriter<byte>()));
        _pair.A.EndKeyLog(Now + Hour, second);
        Assert.False(_pair.A.TryTakeKeys(Now + Hour, second, new ArrayBufferWriter<byte>()));
        Assert.Equal((2, 2), (_pair.A.Journal.CountOf(TunnelEventKind.KeyLogBegan), _pair.A.Journal.CountOf(TunnelEventKind.KeyLogEnded)));
    }

    [Fact]
    public void AHandshakePastItsTimeLeavesNothing()
    {
        KeyLog log = _pair.A.BeginKeyLog(Earlier, Hour)!;

        _pair.Establish();

        Assert.False(_pair.A.TryTakeKeys(Earlier, log, new ArrayBufferWriter<byte>()));
        Assert.Equal(1, _pair.A.Journal.CountOf(TunnelEventKind.KeyLogEnded));
    }

    [Fact]
    public void SessionsThatAreThereBeginAnew()
    {
        _pair.Establish();
        var outbox = new ArrayOutbox(_buffer);
        var later = new Moment(Now + TimeSpan.FromSeconds(20), _pair.Moment.UnixNanoseconds + 20_000_000_000);

        KeyLog log = _pair.A.BeginKeyLog(later.Now, Hour)!;
        _pair.A.Tick(later, ref outbox);

        Assert.Equal(InitiationView.Length, outbox.Length);
        var output = new ArrayBufferWriter<byte>();
        Assert.True(_pair.A.TryTakeKeys(later.Now, log, output));
        Assert.Contains("LOCAL_EPHEMERAL_PRIVATE_KEY=", Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Fact]
    public void APresharedKeyFollowsItsHandshakeAndTheOldestAreForgotten()
    {
        var log = new KeyLog(Now, null);
        using var presharedKey = new PresharedKey([.. Enumerable.Repeat((byte)9, 32)]);
        for (int i = 0; i <= KeyLog.Capacity; i++)
        {
            log.Add(_pair.KeyB.DerivePublicKey(), [.. Enumerable.Repeat((byte)i, 32)], i == 1 ? presharedKey : null);
        }

        var output = new ArrayBufferWriter<byte>();
        log.TakeTo(null, output);

        string[] lines = Encoding.ASCII.GetString(output.WrittenSpan).TrimEnd('\n').Split('\n');
        Assert.Equal((2 * KeyLog.Capacity) + 1, lines.Length);
        Assert.Equal($"LOCAL_EPHEMERAL_PRIVATE_KEY={Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)])}", lines[1]);
        Assert.Equal($"PRESHARED_KEY={Convert.ToBase64String([.. Enumerable.Repeat((byte)9, 32)])}", lines[2]);
        Assert.DoesNotContain("PRESHARED_KEY", lines[4]);
    }

    private string[] Take(Tunnel tunnel, KeyLog log)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(tunnel.TryTakeKeys(Now, log, output));
        return Encoding.ASCII.GetString(output.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
