using System.Diagnostics;
using System.Net.Sockets;

namespace Chasqui.Compare.Inside;

/// <summary>Connects, sends a byte, reads a byte and the end, closes; again and again, with several at once.</summary>
internal static class ConnectionClient
{
    private const int WarmUp = 20; // connections of each worker before the clock starts: code is compiled, neighbours are known
    private const int TimeoutMilliseconds = 5000;

    /// <summary>Prints a <see cref="ConnectionTally"/>.</summary>
    public static int Run(ConnectionWork work)
    {
        Console.WriteLine(Count(work).Text);
        return 0;
    }

    /// <summary>Connects until the time is over.</summary>
    public static ConnectionTally Count(ConnectionWork work)
    {
        int done = 0, failed = 0;
        long deadline = 0;
        using var ready = new Barrier(work.Workers, _ => deadline = Stopwatch.GetTimestamp() + (work.Seconds * Stopwatch.Frequency));
        var workers = new Thread[work.Workers];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work, maxStackSize: 256 * 1024);
            workers[i].Start();
        }

        foreach (Thread worker in workers) worker.Join();
        return new ConnectionTally(done, failed, work.Seconds);

        void Work()
        {
            for (int i = 0; i < WarmUp; i++) TryOnce(work);
            ready.SignalAndWait();
            int here = 0, failedHere = 0;
            while (Stopwatch.GetTimestamp() < deadline)
            {
                bool isDone = TryOnce(work);
                if (!isDone) failedHere++;
                else if (Stopwatch.GetTimestamp() < deadline) here++; // one that ends after the clock has stopped does not count
            }

            Interlocked.Add(ref done, here);
            Interlocked.Add(ref failed, failedHere);
        }
    }

    private static bool TryOnce(ConnectionWork work)
    {
        Span<byte> one = stackalloc byte[1];
        try
        {
            using var connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            connection.ReceiveTimeout = TimeoutMilliseconds;
            connection.Connect(work.Server);
            connection.Send(one);
            return connection.Receive(one) == 1 && connection.Receive(one) == 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
