using Chasqui.Core;
using Chasqui.Linux;
using Chasqui.Linux.Icmp;
using Chasqui.Linux.Udp;

namespace Chasqui.Cli.Commands.Live;

/// <summary>Sends requests at their times, and takes what comes meanwhile.</summary>
internal sealed class PingRun(EchoSocket socket, EventFd wake, PingTally tally, UdpAddress to, PingPlan plan)
{
    /// <summary>Runs until all are answered, the last answer was waited for, or <paramref name="isInterrupted"/>.</summary>
    internal void Run(Func<bool> isInterrupted)
    {
        using var poller = new Poller(2);
        int answers = poller.Add(socket.Descriptor, PollEvents.Read);
        _ = poller.Add(wake.Descriptor, PollEvents.Read);
        int sent = 0;
        Instant next = Now();
        while (!isInterrupted() && tally.Answered < plan.Count)
        {
            if (next <= Now())
            {
                if (sent == plan.Count)
                {
                    return;
                }

                Send((ushort)++sent);
                next = Now() + (sent == plan.Count ? plan.Wait : plan.Interval);
            }

            _ = poller.Wait((int)Math.Ceiling(Math.Max(0, (next - Now()).TotalMilliseconds)));
            while (poller.Ready(answers) != 0 && socket.TryReceive(out EchoAnswer answer))
            {
                tally.Received(answer, BootClock.Now());
            }
        }
    }

    private static Instant Now() => new(BootClock.Now());

    private void Send(ushort sequence)
    {
        long now = BootClock.Now();
        int errno = socket.Send(to, sequence, plan.PayloadLength);
        if (errno == 0)
        {
            tally.Sent(sequence, now);
        }
        else
        {
            tally.NotSent(sequence, LinuxException.Describe(errno));
        }
    }
}
