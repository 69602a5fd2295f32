using System.Buffers;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Metrics;
using Chasqui.Quick;

namespace Chasqui.Cli.Commands.Live;

/// <summary><c>metrics</c>: running interfaces as node_exporter's textfile collector reads them.</summary>
internal sealed class MetricsCommand(Func<IReadOnlyList<string>> list, Func<string, TunnelStatus> read)
{
    private const string Output = "--output";
    private const string Open = "--openmetrics";

    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly Options Declared = new(
        "metrics", ["[IFNAME]"],
        new Option(Output, "FILE", "Write it there, whole or not at all, instead of to standard output") { Short = "-o" },
        new Option(Open, null, "OpenMetrics instead of the text that node_exporter reads"))
    {
        About = """
            Counters of an interface, or of all that run, whoever runs them; from a timer, for node_exporter's textfile collector:

              chasqui metrics -o /var/lib/node_exporter/chasqui.prom

            A daemon of ours serves more of them itself, to Prometheus: chasqui run --metrics 9586 IFNAME. All are in docs/metrics.md.
            """,
    };

    /// <summary>Runs the command on the machine's own interfaces.</summary>
    internal static int Run(Invocation invocation) => new MetricsCommand(StatusSource.List, StatusSource.Read).Execute(invocation);

    /// <summary>Runs the command.</summary>
    internal int Execute(Invocation invocation) => Declared.Run(invocation, values =>
    {
        try
        {
            return Write(invocation, values);
        }
        catch (LinuxException exception)
        {
            return invocation.Fail(Environment.IsPrivilegedProcess ? exception.Message : $"{exception.Message}; {StatusSource.WhoMay}.");
        }
    });

    private int Write(Invocation invocation, OptionValues values)
    {
        var interfaces = new List<InterfaceMetrics>();
        int code = Invocation.Success;
        foreach (string name in values.Words.Count > 0 ? values.Words : list())
        {
            try
            {
                interfaces.Add(new InterfaceMetrics { Name = name, Status = read(name), PeerNames = PeerNames.Of(name) });
            }
            catch (LinuxException exception)
            {
                // One that has just gone keeps nobody from the others.
                code = invocation.Fail($"{ConfigException.Quote(name)} is left out: {exception.Message}{(exception.Errno == Errno.EACCES ? $"; {StatusSource.WhoMay}." : "")}");
            }
        }

        if (interfaces.Count > 0 || values.Words.Count == 0)
        {
            var text = new ArrayBufferWriter<byte>();
            MetricsDocument.Write(interfaces, values.Has(Open) ? MetricsFormat.OpenMetrics : MetricsFormat.Prometheus, text);
            Give(invocation, values.Get(Output), text.WrittenSpan);
        }

        return code;
    }

    /// <summary>There is no secret in it, and its reader is another user: a new file is everybody's to read.</summary>
    private static void Give(Invocation invocation, string? path, ReadOnlySpan<byte> text)
    {
        if (path is null)
        {
            invocation.Terminal.WriteOutput(text);
        }
        else if (File.Exists(path))
        {
            AtomicFile.Write(path, text);
        }
        else
        {
            AtomicFile.Create(path, text);
            File.SetUnixFileMode(path, Readable);
        }
    }
}
