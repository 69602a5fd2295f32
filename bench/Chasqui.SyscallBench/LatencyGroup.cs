using System.Diagnostics;
using System.Globalization;
using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>How soon a datagram is answered by a thread that slept, and what a wake-up costs.</summary>
/// <remarks>The asking end never sleeps, so that its own wake-up is no part of the figure.</remarks>
internal sealed unsafe class LatencyGroup : IDisposable
{
    internal const int DatagramBytes = 148;

    private const ushort AskingPort = 5100;
    private const int Questions = 200;
    private const int PauseMicroseconds = 200;

    private readonly Lab _lab;
    private readonly Slab _names = new(4096);
    private readonly int _askingSocket;
    private ushort _port = AskingPort;

    /// <summary>Made on the measured thread.</summary>
    internal LatencyGroup(Lab lab)
    {
        _lab = lab;
        *Asker = Lab.Address(Lab.There, AskingPort);
        int socket = 0;
        lab.Peer.Do(() => socket = Lab.OpenSocket(AskingPort, coalesces: false));
        _askingSocket = socket;
    }

    private sockaddr_in* Asker => (sockaddr_in*)_names.Pointer;

    /// <param name="title">Of the table.</param>
    /// <param name="rounds">How often each way answers <see cref="Questions"/> datagrams.</param>
    internal void Run(string title, int rounds)
    {
        List<(Way Way, ushort Port)> ways = [];
        Add("poll, recvmmsg of 8, sendmsg", (name, fd) => new AnswerWay(name, fd, Answer(), 8, AnswerWait.Poll));
        Add("poll, recvmsg, sendmsg", (name, fd) => new AnswerWay(name, fd, Answer(), 1, AnswerWait.Poll));
        Add("recvmsg that blocks, sendmsg", (name, fd) => new AnswerWay(name, fd, Answer(), 1, AnswerWait.Block));
        Add("recvmsg that blocks, SO_BUSY_POLL of 50 us, sendmsg", (name, fd) => new AnswerWay(name, Busy(fd), Answer(), 1, AnswerWait.Block));
        Add("io_uring multishot, sendmsg", (name, fd) => new RingAnswerWay(name, fd, Answer(), answersByRing: false));
        Add("io_uring multishot and SENDMSG", (name, fd) => new RingAnswerWay(name, fd, Answer(), answersByRing: true));
        Add("recvmsg that spins, sendmsg", (name, fd) => new AnswerWay(name, fd, Answer(), 1, AnswerWait.Spin));
        Ask(title, rounds, ways);

        void Add(string name, Func<string, int, Way> make)
        {
            // A new port each time: a ring lets go of its socket some time after it was closed.
            _port++;
            bool blocks = name.Contains("blocks", StringComparison.Ordinal);
            ways.Add((make(name, Lab.OpenSocket(_port, coalesces: true, blocks)), _port));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = close(_askingSocket);
        _names.Dispose();
    }

    private static int Busy(int fd)
    {
        SetOption(fd, SOL_SOCKET, SO_BUSY_POLL, 50);
        return fd;
    }

    private Messages Answer() => new(1, new MessageShape(DatagramBytes, 1, false, NamesSource: true), Asker);

    private void Ask(string title, int rounds, List<(Way Way, ushort Port)> ways)
    {
        var cpuTime = new CpuTime(_lab.Peer.ThreadId);
        var times = ways.ConvertAll(_ => new List<double>());
        var cpu = ways.ConvertAll(_ => new List<double>());
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < ways.Count; i++)
            {
                List<double> kept = round < 0 ? [] : times[i];
                ushort port = ways[i].Port;
                _lab.Peer.Begin(() => AskAll(port, kept));
                cpuTime.Start();
                _ = ways[i].Way.Run(Questions);
                cpu[i].Add((double)cpuTime.Stop() / Questions);
                _lab.Peer.Join();
            }
        }

        Console.WriteLine($"\n### {title}\n\n| way | p50, us | p10-p90 | p99 | CPU us each |\n|---|---|---|---|---|");
        for (int i = 0; i < ways.Count; i++)
        {
            times[i].Sort();
            cpu[i].Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {ways[i].Way.Name} | {At(times[i], 0.5):F1} | {At(times[i], 0.1):F1}-{At(times[i], 0.9):F1} | {At(times[i], 0.99):F1} | {At(cpu[i], 0.5) / 1000:F1} |"));
            ways[i].Way.Dispose();
        }
    }

    private void AskAll(ushort port, List<double> times)
    {
        sockaddr_in remote = Lab.Address(Lab.Here, port);
        using var question = new Messages(1, new MessageShape(DatagramBytes, 1, false, false), &remote);
        using var answer = new ReceiveWay("answer", _askingSocket, 1, DatagramBytes);
        for (int i = 0; i < Questions; i++)
        {
            long pause = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(pause).TotalMicroseconds < PauseMicroseconds)
                Thread.SpinWait(10);
            long start = Stopwatch.GetTimestamp();
            _ = sendmsg(_askingSocket, &question.Headers->msg_hdr, MSG_DONTWAIT);
            while (answer.RunOnce(MSG_DONTWAIT) <= 0)
            {
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];
}
