using System.Globalization;
using System.Runtime.InteropServices;
using Chasqui.Cli.Commands.Explain;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Icmp;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Udp;
using Chasqui.Quick;

namespace Chasqui.Cli.Commands.Live;

/// <summary><c>ping</c>: echo requests to a peer through its tunnel, and why nothing comes back.</summary>
/// <param name="list">Names the running interfaces.</param>
/// <param name="read">Reads one.</param>
/// <param name="explain">Says why a peer of an interface is silent.</param>
internal sealed class PingCommand(Func<IReadOnlyList<string>> list, Func<string, TunnelStatus> read, Action<Invocation, string, PublicKey> explain)
{
    private const string Count = "--count";
    private const string Interval = "--interval";
    private const string Wait = "--wait";
    private const string Size = "--size";
    private const string Through = "--interface";
    private const int DefaultPayload = 56;

    private static readonly Options Declared = new(
        "ping", ["PEER|ADDRESS"],
        new Option(Count, "N", "How many requests; 4 unless given") { Short = "-c" },
        new Option(Interval, "SECONDS", "From one to the next; 1 unless given") { Short = "-i" },
        new Option(Wait, "SECONDS", "How long to wait for the last answer; 2 unless given") { Short = "-W" },
        new Option(Size, "BYTES", "What a request carries; 56 unless given") { Short = "-s" },
        new Option(Through, "IFNAME", "Among the peers of this interface only") { Short = "-I" })
    {
        About = """
            A peer is given by its name in the interface's file, its key or the beginning of it; then the first of its allowed addresses that is a single
            one is asked. Requests leave by the tunnel, whatever the routes say; if those say something else, that is told. When nothing
            comes back, what `chasqui explain' says of the peer follows.

              chasqui ping phone
              chasqui ping 10.8.0.2 -c 10 -i 0.2

            Exit code 0 if there was an answer, else 1.
            """,
    };

    /// <summary>Runs the command on the machine's own interfaces.</summary>
    internal static int Run(Invocation invocation) => new PingCommand(StatusSource.List, StatusSource.Read, ExplainCommand.Tell).Execute(invocation);

    /// <summary>Runs the command.</summary>
    internal int Execute(Invocation invocation) => Declared.Run(invocation, values =>
    {
        int count = (int)Number(values, Count, 4, 1, 65535), payload = (int)Number(values, Size, DefaultPayload, 0, EchoSocket.MaxPayload);
        TimeSpan interval = TimeSpan.FromSeconds(Number(values, Interval, 1, 0.01, 3600)), wait = TimeSpan.FromSeconds(Number(values, Wait, 2, 0, 3600));
        try
        {
            PingTarget target = PingTarget.Find(values.Words[0], ReadAll(values.Get(Through)));
            return Ping(invocation, target, new PingPlan(count, payload, interval, wait));
        }
        catch (LinuxException exception)
        {
            return invocation.Fail(Environment.IsPrivilegedProcess ? exception.Message : $"{exception.Message}; {StatusSource.WhoMay}.");
        }
    });

    private static double Number(OptionValues values, string option, double usual, double least, double most) =>
        !values.Has(option) ? usual : values.Read(option, text =>
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
                ? number
                : throw new ConfigException(string.Create(CultureInfo.InvariantCulture, $"{ConfigException.Quote(text)} is no number from {least} to {most}; give one.")));

    private List<WatchSubject> ReadAll(string? only)
    {
        List<WatchSubject> subjects = [];
        foreach (string name in only is null ? list() : [only])
        {
            var subject = new WatchSubject(name, new PeerTitles(PeerNames.Of(name)));
            subject.Update(read);
            subjects.Add(subject.Failure is null || only is null ? subject : throw new ConfigException($"{subject.Failure}."));
        }

        return subjects;
    }

    private int Ping(Invocation invocation, PingTarget target, PingPlan plan)
    {
        TextWriter output = invocation.Terminal.PlainOutput;
        string at = target.Peer.Endpoint.IsNone ? "which has no endpoint" : $"at {target.Peer.Endpoint}";
        output.WriteLine($"{target.Title} ({target.Address}) through {target.Interface}, {at}: {plan.PayloadLength} bytes");
        WarnOfRoute(target, invocation.Terminal.Error);
        var tally = new PingTally(output);
        Send(target, plan, tally);
        tally.WriteSum();
        if (tally.Answered > 0)
        {
            return Invocation.Success;
        }

        output.WriteLine();
        explain(invocation, target.Interface, target.Peer.PublicKey);
        return Invocation.Failure;
    }

    private static void Send(PingTarget target, PingPlan plan, PingTally tally)
    {
        bool isInterrupted = false;
        using EchoSocket socket = EchoSocket.Open(target.Address.IsV6, target.Interface, (ushort)Environment.ProcessId);
        using var wake = new EventFd();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        new PingRun(socket, wake, tally, ToKernel(target.Address), plan).Run(() => Volatile.Read(ref isInterrupted));

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            Volatile.Write(ref isInterrupted, true);
            wake.Set();
        }
    }

    /// <summary>The request goes through the tunnel in any case; other programs' packets go where the routes lead.</summary>
    private static void WarnOfRoute(PingTarget target, TextWriter error)
    {
        using Rtnetlink netlink = Rtnetlink.Open();
        int errno = netlink.GetRoute(new RouteQuery(ToKernel(target.Address), default, 0, 0), out RouteAnswer answer);
        if (errno != 0)
        {
            error.WriteLine($"There is no route to {target.Address}: other programs do not reach it. `ip route add {target.Address} dev {target.Interface}'");
        }
        else if (netlink.TryGetLink(answer.InterfaceIndex, out LinkInfo link) && link.Name != target.Interface)
        {
            error.WriteLine($"Other programs' packets to {target.Address} go by {link.Name} and not by {target.Interface}: `ip route get {target.Address}'");
        }
    }

    private static UdpAddress ToKernel(IpAddress address) =>
        address.IsV4 ? UdpAddress.V4((uint)(address.High >> 32), 0) : UdpAddress.V6(address.High, address.Low, 0, 0);
}
