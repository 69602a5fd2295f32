using Chasqui.Compare.Handshakes;
using Chasqui.Core;
using Chasqui.Core.Uapi;
using Chasqui.Core.Wire;

namespace Chasqui.Tests.Compare;

public sealed class HandshakeLoadTests
{
    private const int Peers = 5, Rounds = 3;

    private readonly List<byte[]> _answers = [];

    [Fact]
    public void EveryInitiationIsAnsweredAndEveryAnswerIsAuthentic()
    {
        using var load = new HandshakeLoad(Peers, Rounds, 1_700_000_000_000_000_000);

        AnswerAll(load);

        Assert.Equal(Peers * Rounds, _answers.Count);
        Assert.All(_answers, answer => Assert.True(load.IsAuthentic(answer)));
    }

    [Fact]
    public void AnAnswerThatWasChangedIsNotAuthentic()
    {
        using var load = new HandshakeLoad(Peers, Rounds, 1_700_000_000_000_000_000);
        AnswerAll(load);

        _answers[0][12] ^= 1; // the ephemeral key
        _answers[1][50] ^= 1; // the sealed nothing
        _answers[2][8] ^= 1; // the receiver: another peer's initiation
        _answers[3][9] = 0xff; // the receiver: no initiation at all

        Assert.All(_answers[..4], answer => Assert.False(load.IsAuthentic(answer)));
    }

    [Fact]
    public void ChecksAnswersWithoutChangingTheMessages()
    {
        using var load = new HandshakeLoad(Peers, Rounds, 1_700_000_000_000_000_000);
        byte[] before = load.Messages.ToArray();
        AnswerAll(load);

        foreach (byte[] answer in _answers) load.IsAuthentic(answer);

        Assert.Equal(before, load.Messages.ToArray());
    }

    /// <summary>A tunnel with the load's configuration receives all messages, 25 ms from each to the next.</summary>
    private void AnswerAll(HandshakeLoad load)
    {
        using var tunnel = new Tunnel(new SeededEntropy(1));
        using var reader = new UapiReader(null);
        ReadOnlySpan<byte> text = System.Text.Encoding.ASCII.GetBytes(load.Configuration(51821));
        Assert.True(reader.TryRead(ref text, out UapiOperation? operation));
        Assert.True(tunnel.TryApply(operation.Change!, new Instant(1)));
        tunnel.Up(new Instant(1));
        var outbox = new Outbox(_answers);
        var from = new Endpoint(new IpEndpoint(IpAddress.V4(0xc0000202), 4000));
        for (int i = 0; i < Peers * Rounds; i++)
        {
            byte[] message = load.Messages.Slice(i * InitiationView.Length, InitiationView.Length).ToArray();
            var now = new Moment(new Instant((i + 1) * 25_000_000L), 1_700_000_000_000_000_000);
            Assert.Equal(DropReason.None, tunnel.ReceiveHandshake(now, from, message, 0, ref outbox));
        }
    }

    private readonly struct Outbox(List<byte[]> sent) : IOutbox
    {
        private readonly byte[] _buffer = new byte[256];

        public Span<byte> Reserve(int lengthBytes) => _buffer;

        public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) => sent.Add(_buffer[..lengthBytes]);
    }
}
