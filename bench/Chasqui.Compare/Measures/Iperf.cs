using System.Globalization;
using System.Text.Json;

namespace Chasqui.Compare.Measures;

/// <summary>iperf3 between the two hosts, through the inner addresses.</summary>
internal static class Iperf
{
    private const int Port = 5201;
    private const int WantedBuffer = 4 << 20;

    /// <summary>
    /// Bytes that datagrams may wait in for a program that is not running just then: as much as the kernel lets a program ask for,
    /// so that the search finds the tunnel's limit and not that of iperf3's own socket.
    /// </summary>
    public static int SocketBuffer { get; } = ((string[])["rmem_max", "wmem_max"]).Select(ReadLimit).Append(WantedBuffer).Min();

    /// <summary>Sends from one host to the other for whole seconds.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="from">The sender.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="options">More of the client's options.</param>
    /// <exception cref="LabException">It failed; with what both sides said.</exception>
    public static IperfResult Transfer(Lab lab, End from, int seconds, params IEnumerable<string> options)
    {
        RunningProgram server = StartServer(lab, Lab.Other(from));
        RunningProgram client = StartClient(lab, from, seconds, options);
        try
        {
            return Read(client.WaitForOutput(TimeSpan.FromSeconds(seconds + 15)));
        }
        finally
        {
            lab.Forget(client);
            lab.Forget(server);
        }
    }

    /// <summary>Starts a server for one transfer and waits until it listens.</summary>
    public static RunningProgram StartServer(Lab lab, End end)
    {
        RunningProgram server = lab.Start(end, "iperf3", "--server", "--one-off", "--port", $"{Port}");
        Lab.WaitUntil(() => IsListening(server.Pid), "iperf3 --server", server);
        return server;
    }

    /// <summary>Starts a client whose server listens.</summary>
    public static RunningProgram StartClient(Lab lab, End from, int seconds, params IEnumerable<string> options) => lab.Start(
        from,
        "iperf3",
        ["--client", Lab.Inner(Lab.Other(from)), "--port", $"{Port}", "--time", seconds.ToString(CultureInfo.InvariantCulture), "--json", .. options]);

    /// <summary>Reads what a client wrote with --json.</summary>
    /// <exception cref="LabException">It is an error, or no such text.</exception>
    public static IperfResult Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("error", out JsonElement error)) throw new LabException($"iperf3: {error.GetString()}");
            return ReadEnd(root.GetProperty("end"));
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new LabException($"iperf3 gave no result: {failure.Message}");
        }
    }

    private static IperfResult ReadEnd(JsonElement end)
    {
        JsonElement sent = end.GetProperty("sum_sent"), received = end.GetProperty("sum_received");
        double bytes = received.GetProperty("bytes").GetDouble(), loss = 0;
        if (received.TryGetProperty("lost_packets", out JsonElement lost))
        {
            // With UDP "bytes" of the receiver are those of the sender: only the packets tell what arrived.
            double packets = received.GetProperty("packets").GetDouble();
            loss = packets > 0 ? Math.Max(0, lost.GetDouble()) / packets : 1;
            bytes = sent.GetProperty("bytes").GetDouble() * (1 - loss);
        }

        double seconds = received.GetProperty("seconds").GetDouble();
        if (seconds <= 0) throw new LabException("iperf3 gave no result: no time has passed");
        return new IperfResult(bytes, seconds, sent.GetProperty("bytes").GetDouble() / sent.GetProperty("seconds").GetDouble(), loss);
    }

    /// <summary>Whether a socket of the process's namespace listens on the port. Source: proc_net_tcp(5), state 0A.</summary>
    private static bool IsListening(int pid)
    {
        string address = $":{Port:X4} ";
        return ((string[])["tcp", "tcp6"]).Any(file => ReadLines($"/proc/{pid}/net/{file}").Any(line =>
            line.Contains(address, StringComparison.Ordinal) && line.Contains(" 0A ", StringComparison.Ordinal)));
    }

    private static int ReadLimit(string name) => int.Parse(File.ReadAllText($"/proc/sys/net/core/{name}"), CultureInfo.InvariantCulture);

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return []; // the process has ended; whoever waits for it sees that
        }
    }
}
