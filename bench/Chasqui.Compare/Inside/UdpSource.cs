using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace Chasqui.Compare.Inside;

/// <summary>
/// Sends datagrams at a rate, as programs do that have many: up to 64 of them in one system call (UDP_SEGMENT), once a millisecond.
/// </summary>
internal static class UdpSource
{
    private const int MostSegments = 64; // that every kernel with UDP_SEGMENT takes
    private const int MostBytes = 65000;
    private const int Questions = 20, AnswerMilliseconds = 150;

    private static readonly TimeSpan MostCatchingUp = TimeSpan.FromMilliseconds(10);

    /// <summary>Prints a <see cref="UdpTally"/>.</summary>
    public static int Run(UdpWork work)
    {
        Console.WriteLine(Send(work).Text);
        return 0;
    }

    /// <summary>Sends, then asks the sink what has arrived.</summary>
    /// <exception cref="LabException">There is no answer.</exception>
    public static UdpTally Send(UdpWork work)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { SendBufferSize = UdpWork.SocketBuffer };
        socket.Connect(work.Server);
        SetSegment(socket, work.Payload);
        byte[] batch = new byte[Math.Min(MostSegments, MostBytes / work.Payload) * work.Payload];
        double perSecond = work.Rate / (8.0 * work.Payload), most = perSecond * MostCatchingUp.TotalSeconds;
        double length = work.Milliseconds / 1000.0, forgiven = 0, elapsed;
        long sent = 0, start = Stopwatch.GetTimestamp();
        while ((elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds) < length)
        {
            double due = (elapsed * perSecond) - forgiven - sent;
            if (due > most) forgiven += due - most; // too late to catch up without a burst: the tally shows that less was sent
            sent += SendDue(socket, batch, work.Payload, (long)Math.Min(due, most));
            Thread.Sleep(1);
        }

        return new UdpTally(sent, Ask(socket), elapsed);
    }

    private static long SendDue(Socket socket, byte[] batch, int payload, long due)
    {
        for (long left = due; left > 0;)
        {
            int count = (int)Math.Min(left, batch.Length / payload);
            try
            {
                socket.Send(batch.AsSpan(0, count * payload));
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // Sent and lost, at the first queue.
            }

            left -= count;
        }

        return Math.Max(due, 0);
    }

    private static long Ask(Socket socket)
    {
        SetSegment(socket, 0);
        socket.ReceiveTimeout = AnswerMilliseconds;
        Span<byte> answer = stackalloc byte[sizeof(long)];
        for (int i = 0; i < Questions; i++)
        {
            try
            {
                // The first question waits behind everything that is still under way; the second is asked when the sink has gone quiet.
                socket.Send(new byte[UdpWork.QuestionLength]);
                if (socket.Receive(answer) != answer.Length || i == 0) continue;
                return BinaryPrimitives.ReadInt64LittleEndian(answer);
            }
            catch (SocketException late) when (late.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Lost, or still behind the rest.
            }
        }

        throw new LabException("the UDP sink does not answer");
    }

    private static void SetSegment(Socket socket, int bytes) =>
        socket.SetRawSocketOption(UdpWork.SOL_UDP, UdpWork.UDP_SEGMENT, BitConverter.GetBytes(bytes));
}
