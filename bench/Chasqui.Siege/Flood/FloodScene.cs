using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Chasqui.Compare;
using Chasqui.Compare.Contenders;
using Chasqui.Compare.Measures;
using Chasqui.Core.Keys;

namespace Chasqui.Siege.Flood;

/// <summary>Two daemons of one kind: left is flooded, right is the legitimate peer, and the attacker is on right's side of the cable.</summary>
internal sealed class FloodScene : IDisposable
{
    private const int Port = 51820;
    private const int ControlPort = 51999;
    private const double PingInterval = 0.005;

    private static readonly TimeSpan RekeyLimit = TimeSpan.FromSeconds(25);

    private readonly Lab _lab;
    private readonly WireGuardKeys _keys;
    private readonly RunningProgram[] _daemons = new RunningProgram[2];
    private readonly Ammunition _ammunition;
    private readonly Socket _control;
    private readonly int _processor = Processors.Read().Last;

    /// <summary>Starts both daemons; returns when the first ping has been answered.</summary>
    public FloodScene(Lab lab, string program)
    {
        _lab = lab;
        _keys = WireGuardKeys.Make(lab);
        foreach (End end in (End[])[End.Left, End.Right])
        {
            _daemons[(int)end] = Daemons.Start(lab, end, program, "-f");
            _keys.Configure(lab, end, Port);
        }

        lab.WaitForPing();
        Attacker.Prepare(lab);
        _ammunition = new Ammunition(new PublicKey(Convert.FromBase64String(_keys.Public(End.Left))));
        foreach (string key in _ammunition.KnownKeys) Wg("set", Lab.Interface(End.Left), "peer", key);

        // Nobody reads it: what comes is dropped when its buffer is full, with as much work in the kernel as before any daemon.
        _control = Hosts.Udp(End.Left, new IPEndPoint(IPAddress.Any, ControlPort));
        _control.ReceiveBufferSize = 4096;
    }

    /// <summary>The flooded daemon's greatest resident memory so far, bytes.</summary>
    public double PeakMemory => ProcessFigures.PeakMemory(_daemons[0].Pid);

    private string Flag => Path.Combine(_lab.Folder, "aims-at-the-daemon");

    /// <summary>Starts a flood that goes to the port that nobody reads.</summary>
    /// <param name="kind">Of what.</param>
    /// <param name="rate">Datagrams a second.</param>
    public RunningProgram Start(FloodKind kind, int rate)
    {
        AimAtControl();
        string file = Path.Combine(_lab.Folder, "datagrams");
        DatagramFile.Write(file, _ammunition.Make(kind, _lab));
        var target = new IPEndPoint(IPAddress.Parse(Lab.Outer(End.Left)), Port);
        IPEndPoint? source = kind == FloodKind.OldData ? new IPEndPoint(IPAddress.Parse(Lab.Outer(End.Right)), Port) : null;
        return Attacker.Start(_lab, _processor, new FloodWork(file, target, ControlPort, Flag, source, kind == FloodKind.Odd, rate));
    }

    /// <summary>Sends the flood to the daemon from now on.</summary>
    public void AimAtDaemon() => File.WriteAllText(Flag, "");

    /// <summary>Sends the flood to the port that nobody reads.</summary>
    public void AimAtControl() => File.Delete(Flag);

    /// <summary>Ends a flood.</summary>
    public void Stop(RunningProgram flood) => _lab.Forget(flood);

    /// <summary>A TCP transfer of the legitimate peer to the flooded host, Mbit/s.</summary>
    public double Transfer(int seconds) => Iperf.Transfer(_lab, End.Right, seconds).Gigabits * 1000;

    /// <summary>Pings of the legitimate peer.</summary>
    public PingTimes Ping(int count)
    {
        string[] command =
        [
            "-n", "-c", $"{count}", "-i", PingInterval.ToString(CultureInfo.InvariantCulture), "-W", "2", Lab.Inner(End.Left),
        ];
        return PingTimes.Read(_lab.Run(End.Right, "sh", ["-c", "ping \"$@\" || [ $? = 1 ]", "ping", .. command]));
    }

    /// <summary>When the legitimate peer has made its session, as wg prints it.</summary>
    public static string LatestHandshake() => Wg("show", Lab.Interface(End.Right), "latest-handshakes");

    /// <summary>Makes the legitimate peer forget its session, so that it needs a new handshake.</summary>
    /// <returns>Seconds until it had one; null if it did not come in time.</returns>
    public double? Rekey()
    {
        string name = Lab.Interface(End.Right), key = _keys.Public(End.Left);
        Wg("set", name, "peer", key, "remove");
        long start = Stopwatch.GetTimestamp();
        Wg(
            "set", name, "peer", key, "endpoint", $"{Lab.Outer(End.Left)}:{Port}", "persistent-keepalive", "25",
            "allowed-ips", $"{Lab.Inner(End.Left)}/32");
        while (Stopwatch.GetElapsedTime(start) < RekeyLimit)
        {
            string[] words = LatestHandshake().Split('\t', '\n');
            if (words.Length > 1 && words[1] != "0") return Stopwatch.GetElapsedTime(start).TotalSeconds;
            Thread.Sleep(20);
        }

        return null;
    }

    /// <summary>Processor seconds of the flooded daemon, to the nanosecond: schedstat of each thread. Source: Documentation/scheduler/sched-stats.</summary>
    public double DaemonCpu()
    {
        double nanoseconds = 0;
        foreach (string thread in Directory.GetDirectories($"/proc/{_daemons[0].Pid}/task"))
        {
            try
            {
                nanoseconds += double.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // The thread has ended since the folder was listed.
            }
        }

        return nanoseconds / 1e9;
    }

    /// <summary>Whether the daemons run.</summary>
    /// <exception cref="LabException">One has ended.</exception>
    public void RequireRunning()
    {
        foreach (RunningProgram daemon in _daemons)
        {
            if (daemon.HasEnded) throw new LabException($"a daemon has ended: {daemon.Said}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _control.Dispose();
        _ammunition.Dispose();
    }

    private static string Wg(params IEnumerable<string> words)
    {
        using var running = RunningProgram.Start("wg", words);
        return running.WaitForOutput(TimeSpan.FromSeconds(10));
    }
}
