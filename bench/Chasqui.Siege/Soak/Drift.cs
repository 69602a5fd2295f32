using System.Globalization;
using Chasqui.Compare;
using Chasqui.HostileNetwork;

namespace Chasqui.Siege.Soak;

/// <summary>One of the daemons' counters beside the same thing as somebody else has counted it.</summary>
/// <param name="What">What is counted.</param>
/// <param name="Ours">What the daemon says.</param>
/// <param name="Theirs">What the kernel or the middlebox says.</param>
internal sealed record Drift(string What, double Ours, double Theirs)
{
    /// <summary>What the daemon reads before each packet, and counts. Source: linux/virtio_net.h, struct virtio_net_hdr.</summary>
    private const int VirtioHeaderLength = 10;

    /// <summary>The difference.</summary>
    public double By => Ours - Theirs;

    /// <summary>Compares what is counted since the start, whatever happened to peers. Nothing may be under way.</summary>
    public static IReadOnlyList<Drift> ReadWhole(SoakTunnel tunnel)
    {
        List<Drift> drifts = [];
        foreach (End end in (End[])[End.Left, End.Right])
        {
            Dictionary<string, double> ours = SoakTunnel.Metrics(end);
            string[] kernel = InterfaceLine(tunnel.Pid(end), Lab.Interface(end));
            double frames = ours["chasqui_tun_read_frames_total"];
            drifts.Add(new($"{end}: packets read from the interface", frames, Number(kernel[9])));
            drifts.Add(new($"{end}: bytes of these", ours["chasqui_tun_read_bytes_total"] - (frames * VirtioHeaderLength), Number(kernel[8])));
            if (end == End.Left) continue; // its link goes down, its sockets come and go, and what comes meanwhile is lost
            drifts.Add(new($"{end}: packets that the interface refused", 0, Number(kernel[2]) + Number(kernel[3]) + Number(kernel[5])));
            double refused = ReceiveErrors(tunnel.Pid(end));
            drifts.Add(new(
                $"{end}: datagrams received",
                ours["chasqui_udp_received_datagrams_total"] + refused,
                tunnel.Box.ToServer.Sent + tunnel.Box.Replayed));
            if (refused > 0) continue;
            drifts.Add(new(
                $"{end}: bytes of these",
                ours["chasqui_udp_received_bytes_total"],
                tunnel.Box.ToServer.SentBytes + tunnel.Box.ReplayedBytes));
        }

        return drifts;
    }

    /// <summary>Compares the counters of both peers, which must have been removed and added, with what has passed the middlebox since.</summary>
    /// <param name="tunnel">The tunnel; nothing may be under way, and nothing may have been lost.</param>
    /// <param name="toServer">What had gone to the server when there were no peers.</param>
    /// <param name="toClient">What had gone to the client then.</param>
    public static IReadOnlyList<Drift> ReadPeers(SoakTunnel tunnel, PassageCounts toServer, PassageCounts toClient)
    {
        Dictionary<string, double> left = SoakTunnel.Metrics(End.Left), right = SoakTunnel.Metrics(End.Right);
        PassageCounts server = tunnel.Box.ToServer, client = tunnel.Box.ToClient;
        return
        [
            new("Left: messages sent to the peer", left["chasqui_peer_sent_packets_total"], server.Received - toServer.Received),
            new("Left: bytes of these", left["chasqui_peer_sent_bytes_total"], server.ReceivedBytes - toServer.ReceivedBytes),
            new("Left: messages received from the peer", left["chasqui_peer_received_packets_total"], client.Sent - toClient.Sent),
            new("Left: bytes of these", left["chasqui_peer_received_bytes_total"], client.SentBytes - toClient.SentBytes),
            new("Right: messages sent to the peer", right["chasqui_peer_sent_packets_total"], client.Received - toClient.Received),
            new("Right: bytes of these", right["chasqui_peer_sent_bytes_total"], client.ReceivedBytes - toClient.ReceivedBytes),
            new("Right: messages received from the peer", right["chasqui_peer_received_packets_total"], server.Sent - toServer.Sent),
            new("Right: bytes of these", right["chasqui_peer_received_bytes_total"], server.SentBytes - toServer.SentBytes),
        ];
    }

    /// <summary>The fields behind an interface's name: received bytes, packets, errors, drops..., and from the ninth on the same sent.</summary>
    private static string[] InterfaceLine(int pid, string name)
    {
        string line = File.ReadLines($"/proc/{pid}/net/dev").First(line => line.Contains($"{name}:", StringComparison.Ordinal));
        return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Datagrams that the kernel dropped because a socket's buffer was full, or a checksum wrong.</summary>
    private static double ReceiveErrors(int pid)
    {
        string[][] lines = [.. File.ReadLines($"/proc/{pid}/net/snmp").Where(static line => line.StartsWith("Udp:", StringComparison.Ordinal)).Select(static line => line.Split(' '))];
        return Number(lines[1][Array.IndexOf(lines[0], "InErrors")]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
