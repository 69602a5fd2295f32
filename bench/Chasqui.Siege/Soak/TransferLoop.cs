using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Chasqui.Compare;

namespace Chasqui.Siege.Soak;

/// <summary>TCP transfers one after another, now in one direction, now in the other, at a rate; what arrives is compared by its SHA-256.</summary>
internal sealed class TransferLoop(int megabitsPerSecond, int seed)
{
    private const int ChunkBytes = 65536;
    private const int LeastBytes = 256 << 10, MostBytes = 8 << 20;
    private const int StallMilliseconds = 90_000; // longer than any disturbance lasts: a handshake is tried anew every five seconds
    private const int RetryMilliseconds = 200;
    private const int SeedStep = 104729;

    private readonly byte[] _sent = new byte[ChunkBytes], _received = new byte[ChunkBytes];
    private readonly List<string> _failures = [];
    private volatile bool _isEnding;

    /// <summary>Transfers that arrived whole.</summary>
    public int Whole { get; private set; }

    /// <summary>Bytes of these.</summary>
    public long Bytes { get; private set; }

    /// <summary>What went wrong with the others.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Transfers until <see cref="End"/> is called; the one that runs then is ended well.</summary>
    public void Run()
    {
        for (int number = 0; !_isEnding; number++) RunOnce(number);
    }

    /// <summary>One transfer: even numbers from left to right, odd ones back.</summary>
    public void RunOnce(int number)
    {
        var random = new Random((seed * SeedStep) + number);
        int length = random.Next(LeastBytes, MostBytes);
        End from = number % 2 == 0 ? Compare.End.Left : Compare.End.Right;
        try
        {
            Transfer(from, length, random);
        }
        catch (Exception failure) when (failure is SocketException or AggregateException or LabException)
        {
            _failures.Add($"transfer {number} of {length} bytes from {from}: {(failure.InnerException ?? failure).Message}");
            Thread.Sleep(RetryMilliseconds);
        }
    }

    /// <summary>Asks for the end.</summary>
    public void End() => _isEnding = true;

    private void Transfer(End from, int length, Random random)
    {
        End to = Lab.Other(from);
        using Socket listener = Hosts.Tcp(to);
        listener.Bind(new IPEndPoint(IPAddress.Parse(Lab.Inner(to)), 0));
        listener.Listen(1);
        using Socket sender = Connect(from, (IPEndPoint)listener.LocalEndPoint!);
        using Socket receiver = listener.Accept();
        receiver.ReceiveTimeout = sender.SendTimeout = StallMilliseconds;
        Task<byte[]> received = Task.Factory.StartNew(() => Receive(receiver), TaskCreationOptions.LongRunning);
        byte[] sent;
        try
        {
            sent = Send(sender, length, random);
        }
        catch (SocketException)
        {
            sender.Close(0);
            throw;
        }

        if (!received.Wait(StallMilliseconds * 2)) throw new LabException("the end never arrived");
        if (!sent.AsSpan().SequenceEqual(received.Result)) throw new LabException("what arrived is not what was sent");
        Whole++;
        Bytes += length;
    }

    /// <summary>While a link is down there is no way, and connect(2) says so at once.</summary>
    private static Socket Connect(End from, IPEndPoint to)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Socket socket = Hosts.Tcp(from);
            try
            {
                socket.Connect(to);
                return socket;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start).TotalMilliseconds < StallMilliseconds)
            {
                socket.Dispose();
                Thread.Sleep(RetryMilliseconds);
            }
        }
    }

    private byte[] Send(Socket socket, int length, Random random)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long start = Stopwatch.GetTimestamp();
        for (int done = 0; done < length;)
        {
            Span<byte> chunk = _sent.AsSpan(0, Math.Min(ChunkBytes, length - done));
            random.NextBytes(chunk);
            hash.AppendData(chunk);
            socket.Send(chunk); // a blocking socket sends all of it
            done += chunk.Length;
            double ahead = (done * 8 / (megabitsPerSecond * 1e6)) - Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (ahead > 0) Thread.Sleep(TimeSpan.FromSeconds(ahead));
        }

        socket.Shutdown(SocketShutdown.Send);
        return hash.GetHashAndReset();
    }

    private byte[] Receive(Socket socket)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int read; (read = socket.Receive(_received)) > 0;) hash.AppendData(_received, 0, read);
        return hash.GetHashAndReset();
    }
}
