using System.Diagnostics;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Explain;
using Chasqui.Linux;

namespace Chasqui.Cli.Commands.Explain;

/// <summary><c>explain [IFNAME [PEER]]</c>: why a tunnel works or does not, peer by peer.</summary>
/// <param name="list">Names the interfaces, those whose daemon is gone among them.</param>
/// <param name="open">Reads an interface, and gives who explains it and measures the paths to some of its peers.</param>
internal sealed class ExplainCommand(Func<IReadOnlyList<string>> list, Func<string, Func<IReadOnlyList<PublicKey>, ExplainReport>> open)
{
    /// <summary>Exit code when nothing has been tried, so that there is nothing to tell.</summary>
    private const int CannotTell = 2;

    private const string Json = "--json";
    private const string Mtu = "--mtu";

    // An initiation counts as unanswered after five seconds, and a third of one more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6), Pause = TimeSpan.FromMilliseconds(250);

    private static readonly Options Declared = new(
        "explain", ["[IFNAME]", "[PEER]"],
        new Option(Json, null, "One JSON document; see docs/json.md"),
        new Option(Mtu, null, "Measure which packets fit through the tunnel, too"))
    {
        About = """
            Says of each peer in one line whether it works, and if not, why: with what shows it and what to do next. It puts what the daemon has
            seen beside what this machine says of addresses, routes, the packet filter and the way to each endpoint, and changes nothing; to the
            endpoint of a peer that does not answer it sends one empty datagram. PEER is a name, or the beginning of a public key.

              chasqui explain wg0
              chasqui explain wg0 office
              chasqui explain wg0 office --mtu

            With --mtu echo requests of many lengths, which may not be cut in two, go through the tunnel to the peer's first single address: that names
            the largest packet that gets there and back, and takes some seconds a peer.

            Of interfaces that another implementation runs less is known. Exit code 0 if all is well, 1 if there is a problem, 2 if nothing has
            been tried yet, or the interface cannot be asked. All verdicts are in docs/explain.md.
            """,
        FailureCode = CannotTell,
    };

    /// <summary>Runs the command on the machine's own interfaces.</summary>
    internal static int Run(Invocation invocation) =>
        new ExplainCommand(static () => [.. LeftSockets.ListInterfaces(), .. StatusSource.List()], Open).Execute(invocation);

    /// <summary>Runs the command.</summary>
    internal int Execute(Invocation invocation) => Declared.Run(invocation, values =>
    {
        IReadOnlyList<string> names = values.Words.Count > 0 ? [values.Words[0]] : list();
        if (names.Count == 0)
        {
            throw new ConfigException("no interface runs; bring one up: chasqui up IFNAME");
        }

        List<ExplainReport> reports = [];
        foreach (string name in names)
        {
            if (Explain(invocation, name, values.Words.ElementAtOrDefault(1), values.Has(Mtu)) is { } report)
            {
                reports.Add(report);
            }
        }

        if (values.Has(Json))
        {
            ExplainJson.Write(invocation.Terminal, reports);
        }
        else
        {
            reports.ForEach(report => ExplainPage.Write(invocation.Terminal.PlainOutput, report));
        }

        return CodeOf(reports);
    });

    /// <summary>Explains one peer that does not answer, as soon as there is something to tell.</summary>
    internal static void Tell(Invocation invocation, string interfaceName, PublicKey peer) =>
        Tell(invocation.Terminal.PlainOutput, peer, () => new ExplainCommand(StatusSource.List, Open).Explain(invocation, interfaceName, null, isMeasuring: false));

    /// <summary>The same with reports of the caller's; one that is null has been told why.</summary>
    internal static void Tell(TextWriter output, PublicKey peer, Func<ExplainReport?> explain)
    {
        long begin = Stopwatch.GetTimestamp();
        ExplainReport? report = explain()?.Only(peer);
        while (report is { State: ExplainState.CannotTell } && Stopwatch.GetElapsedTime(begin) < Patience)
        {
            Thread.Sleep(Pause);
            report = explain()?.Only(peer);
        }

        if (report is not null)
        {
            ExplainPage.Write(output, report);
        }
    }

    private static Func<IReadOnlyList<PublicKey>, ExplainReport> Open(string name)
    {
        if (TunnelExplainer.RunWithoutDaemon(name) is { } gone)
        {
            return _ => gone;
        }

        TunnelStatus status = StatusSource.Read(name, out bool hasEvidence);
        return measured => TunnelExplainer.Run(name, status, hasEvidence, measured);
    }

    /// <summary>Explains an interface; null if it cannot be asked, which has been said.</summary>
    private ExplainReport? Explain(Invocation invocation, string name, string? peer, bool isMeasuring)
    {
        try
        {
            Func<IReadOnlyList<PublicKey>, ExplainReport> explain = open(name);
            ExplainReport report = Select(explain([]), peer);
            PublicKey[] measured = [.. report.Peers.Where(static one => one.State == ExplainState.Healthy).Select(static one => one.PublicKey)];
            return !isMeasuring || measured.Length == 0 ? report : Select(explain(measured), peer);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EACCES)
        {
            _ = invocation.Fail($"{ConfigException.Quote(name)} is not yours to ask: {LinuxException.Describe(exception.Errno)}; {StatusSource.WhoMay}.");
            return null;
        }
        catch (LinuxException exception)
        {
            _ = invocation.Fail($"{ConfigException.Quote(name)} cannot be asked: {LinuxException.Describe(exception.Errno)}; "
                + "it runs no longer, or is the kernel's own: bring it up with `chasqui up', or see `chasqui show interfaces'.");
            return null;
        }
    }

    private static ExplainReport Select(ExplainReport report, string? peer) =>
        peer is null || report.Peers.Count == 0 ? report : ExplainSelection.Of(report, peer);

    private static int CodeOf(List<ExplainReport> reports)
    {
        if (reports.Exists(static report => report.State == ExplainState.Problem))
        {
            return Invocation.Failure;
        }

        return reports.Exists(static report => report.State == ExplainState.Healthy) ? Invocation.Success : CannotTell;
    }
}
