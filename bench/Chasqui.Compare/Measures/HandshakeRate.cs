using System.Net;
using System.Net.Sockets;
using System.Text;
using Chasqui.Compare.Contenders;
using Chasqui.Compare.Handshakes;
using Chasqui.Compare.Inside;
using Chasqui.Core.Wire;

namespace Chasqui.Compare.Measures;

/// <summary>Handshakes that a WireGuard daemon answers with one core: a second of the clock, and a second of its CPU time.</summary>
/// <remarks>
/// The daemon is a fresh one of the same program, held on one processor from its start, with thousands of peers; the generator has another
/// processor, and the same initiations for every daemon. Both go before everything else there (SCHED_RR): nice alone counts only within a
/// session, and without it another build on the machine tripled the ratio. Few enough initiations wait at a time that no daemon takes itself
/// for overloaded (wireguard-go: at 128 of 1024 that it can queue; Chasqui: at 512 of 4096), so none asks for cookies or limits sources.
/// Samples of the answers are checked cryptographically afterwards.
/// </remarks>
internal sealed class HandshakeRate : IMeasure, IDisposable
{
    private const int Peers = 2000;
    private const int Rounds = 5; // the first one apart
    private const int Window = 64;
    private const int Port = 51821;
    private const int SampleStep = 40;
    private const string Sockets = "/var/run/wireguard";

    private readonly Quantity _wall = new("handshakes", "handshakes answered, one core", "1/s", IsMoreBetter: true, Decimals: 0);
    private readonly Quantity _cpu = new("handshakes.cpu", "handshakes answered, by CPU time", "1/s", IsMoreBetter: true, Decimals: 0);
    private readonly Quantity _first = new("handshakes.first", "handshakes answered, each peer's first", "1/s", IsMoreBetter: true, Decimals: 0);
    private readonly Lazy<HandshakeLoad> _load = new(static () =>
        new HandshakeLoad(Peers, Rounds, (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick));

    /// <inheritdoc/>
    public string Name => "handshakes";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => [_wall, _cpu, _first];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        // Whoever serves WireGuard's control socket can be told of peers, whatever the program.
        if (!File.Exists($"{Sockets}/{Lab.Interface(End.Left)}.sock")) return [];
        string? program = File.ResolveLinkTarget($"/proc/{contender.Daemons(lab).First()}/exe", returnFinalTarget: true)?.FullName;
        if (program is null) throw new LabException($"{contender.Name}: its program is not known");
        var processors = Processors.Read();
        RunningProgram daemon = StartDaemon(lab, program, processors.First);
        try
        {
            (HandshakeTally first, HandshakeTally others) = Generate(lab, daemon, processors.Last);
            return [new Figure(_wall, others.PerSecond), new Figure(_cpu, others.PerCpuSecond), new Figure(_first, first.PerSecond)];
        }
        finally
        {
            lab.Forget(daemon);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_load.IsValueCreated) _load.Value.Dispose();
    }

    private RunningProgram StartDaemon(Lab lab, string program, int processor)
    {
        string name = $"chqb{Environment.ProcessId}h", socket = $"{Sockets}/{name}.sock";
        lab.DeleteAtEnd(socket);
        RunningProgram daemon = lab.Start(
            End.Left, "chrt", "--rr", "1", "taskset", "--cpu-list", $"{processor}", "env", "LOG_LEVEL=error", program, "-f", name);
        Lab.WaitUntil(() => File.Exists(socket), "the control socket", daemon);
        Configure(socket, _load.Value.Configuration(Port));
        lab.RunIp(End.Left, $"link set {name} up");
        string port = $":{Port:X4} ";
        Lab.WaitUntil(() => File.ReadAllText($"/proc/{daemon.Pid}/net/udp").Contains(port, StringComparison.Ordinal), "the UDP socket", daemon);
        return daemon;
    }

    /// <summary>Sends a "set" and waits until it is done.</summary>
    private static void Configure(string path, string text)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = 30_000;
        socket.Connect(new UnixDomainSocketEndPoint(path));
        socket.Send(Encoding.ASCII.GetBytes(text)); // a blocking socket sends all of it
        byte[] reply = new byte[64];
        string answer = Encoding.ASCII.GetString(reply, 0, socket.Receive(reply));
        if (!answer.StartsWith("errno=0\n", StringComparison.Ordinal)) throw new LabException($"{path}: set was answered with {answer.Trim()}");
    }

    private (HandshakeTally First, HandshakeTally Others) Generate(Lab lab, RunningProgram daemon, int processor)
    {
        string messages = Path.Combine(lab.Folder, "initiations"), answers = Path.Combine(lab.Folder, "responses");
        File.WriteAllBytes(messages, _load.Value.Messages);
        var responder = new IPEndPoint(IPAddress.Parse(Lab.Outer(End.Left)), Port);
        var work = new HandshakeWork(messages, answers, responder, daemon.Pid, Peers, Window);
        RunningProgram generator = InsideProgram.StartGenerator(lab, End.Right, processor, work);
        try
        {
            string[] lines = generator.WaitForOutput(TimeSpan.FromSeconds(60)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length != 2) throw new LabException($"the generator of handshakes said \"{generator.Said}\"");
            (HandshakeTally, HandshakeTally) result = (HandshakeTally.Parse(lines[0]), HandshakeTally.Parse(lines[1]));
            CheckSamples(File.ReadAllBytes(answers));
            return result;
        }
        finally
        {
            lab.Forget(generator);
        }
    }

    /// <summary>Looks whether answers are authentic. One that was lost leaves zeros, and fewer than one in a hundred are lost.</summary>
    private void CheckSamples(byte[] answers)
    {
        for (int peer = 0; peer < Peers; peer += SampleStep)
        {
            Span<byte> answer = answers.AsSpan(peer * ResponseView.Length, ResponseView.Length);
            if (answer.ContainsAnyExcept((byte)0) && !_load.Value.IsAuthentic(answer))
            {
                throw new LabException($"the response to peer {peer} is not authentic");
            }
        }
    }
}
