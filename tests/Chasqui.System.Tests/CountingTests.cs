using System.Globalization;
using System.Runtime.InteropServices;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Costs that are counted rather than timed, so that a slow-down shows on a machine that is busy with other things too.</summary>
/// <remarks>The recorded counts are the published binary's; traffic goes from A to B, two of our daemons.</remarks>
public sealed class CountingTests : SystemTest
{
    private const int Rounds = 3;
    private const int TcpMegabytes = 16;

    [Fact]
    public void InstructionsAPacketAreAsRecorded()
    {
        RequireRecordedProcessor();
        InstructionCounter.Require();
        var folder = Own(new TemporaryFolder()).Path;
        var tunnel = Own(Tunnel.UpInside(InstructionCounter.Tool(folder)));
        var traffic = Own(new SteadyTraffic(tunnel.A, tunnel.B));
        InstructionCounter sender = new(tunnel.A.Daemon, folder), receiver = new(tunnel.B.Daemon, folder);

        // All but the bursts are nearly exact; of those, luck says how many packets one wake-up finds.
        RecordedCounts.Hold(
        [
            .. Instructions("a packet in super-packets", SteadyTraffic.SuperPacketSegments, 0.02, traffic.SuperPackets, 20),
            .. Instructions("a lone small packet", 1, 0.03, traffic.LonePackets, 100),
            .. Instructions("a small packet in bursts", SteadyTraffic.BurstLength, 0.1, traffic.Bursts, 10),
        ]);

        Count[] Instructions(string what, int packets, double slack, Action<int> send, int count)
        {
            send(3);
            var (sent, received) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                sender.Zero();
                receiver.Zero();
                send(count);
                sent = Math.Min(sent, sender.Read() / (double)(packets * count));
                received = Math.Min(received, receiver.Read() / (double)(packets * count));
            }

            return
            [
                new Count($"instructions for {what}, sender", sent, slack, slack),
                new Count($"instructions for {what}, receiver", received, slack, slack),
            ];
        }
    }

    [Fact]
    public void SystemCallsAreAsRecorded()
    {
        Programs.RequireRoot();
        Programs.RequireTool("strace");
        var folder = Own(new TemporaryFolder()).Path;
        var tunnel = Own(Tunnel.UpOverVeth(Implementation.Chasqui, Implementation.Chasqui));
        var traffic = Own(new SteadyTraffic(tunnel.A, tunnel.B));

        // Luck says how much of TCP's stream one read gives, and how many packets of a burst one wake-up finds: at the receiver that is
        // one to four, so there it is printed and not held.
        RecordedCounts.Hold(
        [
            .. Calls("a megabyte of TCP", TcpMegabytes, 1, () => Tcp(tunnel)),
            .. Calls("a super-packet", 100, 0.1, () => traffic.SuperPackets(100)),
            .. Calls("a lone small packet", 100, 0.1, () => traffic.LonePackets(100)),
            .. Calls("a small packet in bursts", 20 * SteadyTraffic.BurstLength, 1.5, () => traffic.Bursts(20))[..2],
        ]);

        Count[] Calls(string what, double amount, double slack, Action transfer)
        {
            List<IReadOnlyList<SystemCallCount>> sender = [], receiver = [];
            for (var round = 0; round < Rounds; round++)
            {
                using var atSender = SystemCallCounter.Attach(tunnel.A.Daemon, folder);
                using var atReceiver = SystemCallCounter.Attach(tunnel.B.Daemon, folder);
                transfer();
                sender.Add(atSender.Stop());
                receiver.Add(atReceiver.Stop());
            }

            return [.. CallCounts($"{what}, sender", amount, slack, sender), .. CallCounts($"{what}, receiver", amount, slack, receiver)];
        }
    }

    /// <summary>The interfaces count what crosses them: a super-packet is one frame, whether it was read or joined again.</summary>
    [Fact]
    public void FramesAreAsLongAsRecorded()
    {
        const int SuperPackets = 100;
        var tunnel = Own(Tunnel.UpOverVeth(Implementation.Chasqui, Implementation.Chasqui));
        var traffic = Own(new SteadyTraffic(tunnel.A, tunnel.B));

        RecordedCounts.Hold(
        [
            .. Frames("a megabyte of TCP", TcpMegabytes, 1, () => Tcp(tunnel)),
            .. Frames("a super-packet", SuperPackets, 0.1, () => traffic.SuperPackets(SuperPackets)),
        ]);

        Count[] Frames(string what, double amount, double slack, Action transfer)
        {
            var (read, written) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                var (readBefore, writtenBefore) = (tunnel.A.LinkCounters().SentPackets, tunnel.B.LinkCounters().ReceivedPackets);
                transfer();
                read = Math.Min(read, (tunnel.A.LinkCounters().SentPackets - readBefore) / amount);
                written = Math.Min(written, (tunnel.B.LinkCounters().ReceivedPackets - writtenBefore) / amount);
            }

            return
            [
                new Count($"frames read for {what}, sender", read, slack, 1),
                new Count($"frames written for {what}, receiver", written, slack, 1),
            ];
        }
    }

    private static void Tcp(Tunnel tunnel) => Transfers.Tcp(tunnel.A.Home, tunnel.B.Home, tunnel.B.Inner4, TcpMegabytes << 20);

    /// <summary>
    /// The round with the fewest. Calls that move something are nearly exact; whether a daemon sleeps before the next packet, and has found
    /// that nothing is left before, depends on what else the machine does.
    /// </summary>
    private static Count[] CallCounts(string what, double amount, double slack, List<IReadOnlyList<SystemCallCount>> rounds)
    {
        foreach (var round in rounds)
        {
            var each = round.Select(call => string.Create(CultureInfo.InvariantCulture, $"{call.Name} {call.Calls / amount:F2}"));
            Figure($"{what}: {string.Join(", ", each)}");
        }

        return
        [
            new Count($"system calls that move something, {what}", rounds.Min(round => round.Sum(call => call.Moved)) / amount, slack, 1),
            new Count($"system calls, {what}", rounds.Min(round => round.Sum(call => call.Calls)) / amount, Math.Max(slack, 0.5), 1),
        ];
    }

    private static void RequireRecordedProcessor()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Assert.Skip($"instructions are recorded for x86-64 alone, not for {RuntimeInformation.ProcessArchitecture}");
        }
    }
}
