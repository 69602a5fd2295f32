namespace Chasqui.Compare.Inside;

/// <summary>This program's other half: what it does when it starts itself again on a host of the lab.</summary>
internal static class InsideProgram
{
    private const string ServeConnections = "inside-serve-connections";
    private const string Connect = "inside-connect";
    private const string CountUdp = "inside-count-udp";
    private const string SendUdp = "inside-send-udp";
    private const string Handshakes = "inside-handshakes";

    /// <summary>Does what the words ask for, if they are for a program inside of a lab.</summary>
    /// <returns>The exit code; null if the words are not for it.</returns>
    public static int? TryRun(string[] args) => args switch
    {
        [ServeConnections, .. var rest] => ConnectionServer.Run(ConnectionWork.Parse(rest)),
        [Connect, .. var rest] => ConnectionClient.Run(ConnectionWork.Parse(rest)),
        [Handshakes, .. var rest] => HandshakeGenerator.Run(HandshakeWork.Parse(rest)),
        [CountUdp, .. var rest] => UdpSink.Run(UdpWork.Parse(rest)),
        [SendUdp, .. var rest] => UdpSource.Run(UdpWork.Parse(rest)),
        _ => null,
    };

    /// <summary>Starts the server that <see cref="StartClient"/> connects to.</summary>
    public static RunningProgram StartServer(Lab lab, End end, ConnectionWork work) => Start(lab, end, [], [ServeConnections, .. work.Words]);

    /// <summary>Starts a client of <see cref="StartServer"/>.</summary>
    public static RunningProgram StartClient(Lab lab, End end, ConnectionWork work) => Start(lab, end, [], [Connect, .. work.Words]);

    /// <summary>Starts the generator of handshakes, on one processor, before everybody else there.</summary>
    public static RunningProgram StartGenerator(Lab lab, End end, int processor, HandshakeWork work) =>
        Start(lab, end, ["chrt", "--rr", "1", "taskset", "--cpu-list", $"{processor}"], [Handshakes, .. work.Words]);

    /// <summary>Starts the sink that <see cref="StartSource"/> sends to.</summary>
    public static RunningProgram StartSink(Lab lab, End end, UdpWork work) => Start(lab, end, [], [CountUdp, .. work.Words]);

    /// <summary>Starts a source of datagrams; it prints a <see cref="UdpTally"/>.</summary>
    public static RunningProgram StartSource(Lab lab, End end, UdpWork work) => Start(lab, end, [], [SendUdp, .. work.Words]);

    private static RunningProgram Start(Lab lab, End end, string[] before, string[] words)
    {
        string path = Environment.ProcessPath!;
        string[] itself = Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, typeof(InsideProgram).Assembly.Location] : [path];
        string[] all = [.. before, .. itself, .. words];
        return lab.Start(end, all[0], all[1..]);
    }
}
