using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Tests.Simulation;
using Chasqui.Core.Tests.Tunnels;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Noise;

/// <summary>Makes the transcripts: our tunnel over a UDP socket, wireguard-go on the other side.</summary>
/// <remarks>Run by <c>Noise/record-transcripts.sh</c>, which lays out the namespace; skipped without CHASQUI_RECORD.</remarks>
public sealed class TranscriptRecorder
{
    private const int OurPort = 51001;
    private const int TheirPort = 51002;
    private const long Wall = 1_750_000_000_123_456_789;

    private static readonly IpAddress InitiatorInner = IpAddress.V4(0x0A090001), ResponderInner = IpAddress.V4(0x0A09000B);
    private static readonly IpAddress TheirInner = IpAddress.V4(0x0A090002);
    private static readonly IpEndpoint Them = new(IpAddress.V4(0x7F000001), TheirPort);
    private static readonly Moment Now = new(SimulatedNetwork.Origin, Wall);

    private readonly byte[] _buffer = new byte[2000];

    [Fact]
    public void RecordsTheInitiatorsSide() => Record("wireguard-go-initiator.txt", isInitiator: true);

    [Fact]
    public void RecordsTheRespondersSide() => Record("wireguard-go-responder.txt", isInitiator: false);

    private void Record(string name, bool isInitiator, [CallerFilePath] string thisFile = "")
    {
        string? program = Environment.GetEnvironmentVariable("CHASQUI_RECORD");
        Assert.SkipWhen(string.IsNullOrEmpty(program), "only with CHASQUI_RECORD set, by record-transcripts.sh");
        byte[] ours = FixedKey((byte)(isInitiator ? 1 : 2)), theirs = FixedKey(3), presharedKey = FixedKey((byte)(isInitiator ? 4 : 5));
        var transcript = new Transcript();
        transcript.Set("our-private", ours);
        transcript.Set("their-private", theirs);
        transcript.Set("preshared", presharedKey);
        transcript["wall-nanoseconds"] = Wall.ToString(CultureInfo.InvariantCulture);

        var entropy = new RecordingEntropy(7);
        using Tunnel tunnel = MakeTunnel(entropy, ours, theirs, presharedKey);
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, isInitiator ? OurPort : OurPort + 10));
        socket.Client.ReceiveTimeout = 8000;
        if (isInitiator)
        {
            Initiate(tunnel, socket, transcript);
        }
        else
        {
            Respond(tunnel, socket, transcript);
        }

        byte[] ephemeral = transcript.Bytes(isInitiator ? "initiation" : "response").AsSpan(isInitiator ? 8 : 12, 32).ToArray();
        transcript.Set("our-ephemeral-private", entropy.Given.Find(g => g.Length == 32 && Whitepaper.Public(g).SequenceEqual(ephemeral)));
        transcript.Set("our-index", transcript.Bytes(isInitiator ? "initiation" : "response").AsSpan(4, 4));
        transcript.Write(
            Path.Combine(Path.GetDirectoryName(thisFile)!, "Transcripts", name),
            $"Our {(isInitiator ? "initiator" : "responder")} and {program}; recorded by record-transcripts.sh.");
    }

    /// <summary>We ping its inner address; the kernel behind it answers.</summary>
    private void Initiate(Tunnel tunnel, UdpClient socket, Transcript transcript)
    {
        var outbox = new ArrayOutbox(_buffer);
        byte[] ping = Ping(InitiatorInner);
        tunnel.SendPacket(Now.Now, ping, ref outbox);
        tunnel.Tick(Now, ref outbox);
        transcript.Set("initiation", Send(socket, ref outbox));
        byte[] response = Receive(socket);
        transcript.Set("response", response);
        Assert.Equal(VerdictKind.Handled, tunnel.ReceiveDatagram(Now, new Endpoint(Them), 0, response, ref outbox).Kind);
        transcript.Set("our-plaintext", [.. ping, .. new byte[tunnel.PaddedLength(ping.Length) - ping.Length]]);
        transcript.Set("our-data", Send(socket, ref outbox));
        TakeData(tunnel, Receive(socket), transcript);
    }

    /// <summary>Something behind it sends us a packet; we answer with a ping.</summary>
    private void Respond(Tunnel tunnel, UdpClient socket, Transcript transcript)
    {
        var outbox = new ArrayOutbox(_buffer);
        using var inner = new UdpClient();
        inner.Send("hello"u8, new IPEndPoint(new IPAddress([10, 9, 0, 11]), 9));
        byte[] initiation = Receive(socket);
        transcript.Set("initiation", initiation);
        Assert.Equal(VerdictKind.Handled, tunnel.ReceiveDatagram(Now, new Endpoint(Them), 0, initiation, ref outbox).Kind);
        transcript.Set("response", Send(socket, ref outbox));
        TakeData(tunnel, Receive(socket), transcript);
        byte[] ping = Ping(ResponderInner);
        tunnel.SendPacket(Now.Now, ping, ref outbox);
        transcript.Set("our-plaintext", [.. ping, .. new byte[tunnel.PaddedLength(ping.Length) - ping.Length]]);
        transcript.Set("our-data", Send(socket, ref outbox));
    }

    private static void TakeData(Tunnel tunnel, byte[] data, Transcript transcript)
    {
        transcript.Set("their-data", data);
        Assert.True(TransportView.TryRead(data, out TransportView view));
        byte[] datagram = [.. data];
        Assert.Equal(DropReason.None, tunnel.TryBeginReceive(view.Receiver, Now.Now, default, 1, out ReceiveGrant grant));
        PacketSlot[] slots =
            [new PacketSlot { Offset = TransportView.HeaderLength, Length = data.Length - Tunnel.DataOverhead, Counter = view.Counter }];
        grant.Keypair.Open(datagram, slots);
        transcript.Set("their-plaintext", datagram.AsSpan(slots[0].Offset, slots[0].Length));
        var outbox = new ArrayOutbox(new byte[2000]);
        Assert.Equal(DropReason.None, tunnel.CommitReceive(grant, Now, new Endpoint(Them), 0, datagram, slots, ref outbox));
        Assert.True(slots[0].Length > 0);
        grant.Keypair.Release();
    }

    private static Tunnel MakeTunnel(RecordingEntropy entropy, byte[] ours, byte[] theirs, byte[] presharedKey)
    {
        var tunnel = new Tunnel(entropy);
        using var key = new PrivateKey(ours);
        using var psk = new PresharedKey(presharedKey);
        tunnel.Up(Now.Now);
        tunnel.TryApply(
            new DeviceChange
            {
                PrivateKey = key,
                Peers =
                [
                    new PeerChange
                    {
                        PublicKey = new PublicKey(Whitepaper.Public(theirs)),
                        PresharedKey = psk,
                        Endpoint = Them,
                        AllowedIps = [new AllowedIpChange(new IpPrefix(TheirInner, 32), false)],
                    },
                ],
            },
            Now.Now);
        return tunnel;
    }

    private static byte[] Send(UdpClient socket, ref ArrayOutbox outbox)
    {
        byte[] datagram = outbox.Datagram.ToArray();
        socket.Send(datagram, new IPEndPoint(IPAddress.Loopback, TheirPort));
        return datagram;
    }

    private static byte[] Receive(UdpClient socket)
    {
        IPEndPoint? from = null;
        return socket.Receive(ref from);
    }

    /// <summary>An ICMP echo request.</summary>
    private static byte[] Ping(IpAddress source)
    {
        byte[] packet = InnerPacket.Make(source, TheirInner, 61, 1);
        packet[9] = 1;
        packet[20] = 8;
        packet.AsSpan(21, 3).Clear();
        packet.AsSpan(10, 2).Clear();
        ushort header = InnerPacket.Checksum(packet.AsSpan(0, 20));
        packet[10] = (byte)(header >> 8);
        packet[11] = (byte)header;
        ushort body = InnerPacket.Checksum(packet.AsSpan(20));
        packet[22] = (byte)(body >> 8);
        packet[23] = (byte)body;
        return packet;
    }

    private static byte[] FixedKey(byte value)
    {
        byte[] key = new byte[32];
        key.AsSpan().Fill(value);
        key[0] &= 248;
        key[31] = (byte)((key[31] & 127) | 64);
        return key;
    }
}
