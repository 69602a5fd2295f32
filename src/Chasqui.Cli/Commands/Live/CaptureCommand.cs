using System.Globalization;
using System.Runtime.InteropServices;
using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Uapi;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Quick;

namespace Chasqui.Cli.Commands.Live;

/// <summary><c>capture</c>: packets inside a tunnel as pcapng, and on request the datagrams that carry them.</summary>
/// <remarks>The daemon does nothing for it: it is the kernel that copies what passes, for as long as this runs.</remarks>
/// <param name="read">Reads an interface.</param>
/// <param name="openKeys">Asks for the keys of its handshakes, for some time.</param>
internal sealed class CaptureCommand(Func<string, TunnelStatus> read, Func<string, TimeSpan, UapiKeyLog> openKeys)
{
    private const string OutputOption = "--output";
    private const string Outer = "--outer";
    internal const string Time = "--time";
    internal const string Size = "--bytes";
    internal const string Count = "--count";
    private const string Snap = "--snap";
    private const string WithKeys = "--with-keys";
    private const string Reveal = "--reveal-private-keys";
    private const long MostBytes = 1L << 40;

    // The daemon's hour begins before the capture's.
    private static readonly TimeSpan KeyMargin = TimeSpan.FromSeconds(10), MostTimeWithKeys = TimeSpan.FromSeconds(UapiReader.MaxKeyLogSeconds) - KeyMargin;

    private static readonly Options Declared = new(
        "capture", ["IFNAME"],
        new Option(OutputOption, "FILE", "A new file, its owner's only, instead of standard output") { Short = "-o" },
        new Option(Outer, null, "The tunnel's own datagrams too, from and to its port, encrypted as they are"),
        new Option(Time, "SECONDS", "How long; 60 unless given") { Short = "-t" },
        new Option(Size, "BYTES", "The most that is written; 67108864 unless given") { Short = "-b" },
        new Option(Count, "N", "The most packets") { Short = "-c" },
        new Option(Snap, "BYTES", "The most of each packet; all unless given") { Short = "-s" },
        new Option(WithKeys, null, "With --outer: the keys with which Wireshark reads the datagrams"),
        new Option(Reveal, null, "With --with-keys, which is refused without it: yes, the private key too"))
    {
        About = """
            Packets as they are inside the tunnel, with the names of peers whose addresses they are, for Wireshark and tcpdump:

              chasqui capture wg0 -o wg0.pcapng
              chasqui capture wg0 | wireshark -k -i -

            It ends after its time, at its size, or with Ctrl-C, and says why. Inside the tunnel super-packets are captured before they are cut, and may be
            longer than the MTU; datagrams outside are shown one by one, also where the kernel carries several at once.

              chasqui capture wg0 --outer --with-keys --reveal-private-keys -o secret.pcapng

            writes the keys into the file, in front of the packets that they are for: Wireshark and tshark then show what is inside the datagrams. Whoever
            gets that file can read this traffic, be this end of the tunnel from then on, and read what preshared keys protect: keep it as you keep
            private keys. Only root can, for an hour at most, and one at a time; the daemon gives keys only meanwhile, tells so in its log, in
            `chasqui explain' and `chasqui watch', and begins the sessions of up to 64 peers anew, because those that were there before cannot be read.
            """,
    };

    /// <summary>Runs the command on the machine's own interfaces.</summary>
    internal static int Run(Invocation invocation) =>
        new CaptureCommand(StatusSource.Read, new UapiClient().OpenKeyLog).Execute(invocation, () => new StandardStream(StandardStream.Output));

    /// <summary>Runs the command.</summary>
    internal int Execute(Invocation invocation, Func<Stream> openStandardOutput) => Declared.Run(invocation, values =>
    {
        string? path = values.Get(OutputOption);
        if (path is null && invocation.Terminal.IsOutputTerminal)
        {
            throw new ConfigException($"a capture is no text for a terminal; give {OutputOption} FILE, or a pipe: `chasqui capture {values.Words[0]} | wireshark -k -i -'.");
        }

        try
        {
            CapturePlan plan = Plan(values);
            TunnelStatus status = read(plan.Interface);
            using UapiKeyLog? keys = plan.HasKeys ? openKeys(plan.Interface, plan.Time + KeyMargin) : null;
            using Stream output = path is null ? openStandardOutput() : Create(path);
            return Capture(invocation, plan, status, output, keys is null ? null : keys.Take);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EBUSY && values.Has(WithKeys))
        {
            return invocation.Fail($"the keys of {values.Words[0]} are given to another capture; wait until it ends, or see `ps -C chasqui -o pid,args'.");
        }
        catch (LinuxException exception) when (exception.Errno != Errno.EPIPE)
        {
            return invocation.Fail(Environment.IsPrivilegedProcess ? exception.Message : $"{exception.Message}; run this as root.");
        }
    });

    private static CapturePlan Plan(OptionValues values) => new(
        values.Words[0],
        values.Has(Outer),
        HasKeys(values),
        TimeSpan.FromSeconds(Number(values, Time, 60, 1, values.Has(WithKeys) ? (long)MostTimeWithKeys.TotalSeconds : 7 * 24 * 3600)),
        Number(values, Size, 64 << 20, 4096, MostBytes),
        Number(values, Count, long.MaxValue, 1, long.MaxValue),
        (int)Number(values, Snap, 65535, 64, 65535));

    /// <summary>Keys are asked for twice: whoever copied the first option from somewhere is told what it does.</summary>
    private static bool HasKeys(OptionValues values)
    {
        if (!values.Has(WithKeys))
        {
            return values.Has(Reveal) ? throw new ConfigException($"{Reveal} goes with {WithKeys}; give both, or none.") : false;
        }

        if (!values.Has(Outer))
        {
            throw new ConfigException($"{WithKeys} is for the tunnel's datagrams; add {Outer}. Packets inside the tunnel are readable as they are.");
        }

        if (!values.Has(Reveal))
        {
            throw new ConfigException(
                $"{WithKeys} writes the interface's private key, preshared keys and the keys of its sessions into the file: who has it reads the traffic, "
                + $"and can be this end of the tunnel; if that is meant, add {Reveal}.");
        }

        return Environment.IsPrivilegedProcess ? true : throw new ConfigException($"{WithKeys} takes root; run this as root.");
    }

    private static long Number(OptionValues values, string option, long usual, long least, long most) =>
        !values.Has(option) ? usual : values.Read(option, text =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
                ? number
                : throw new ConfigException(string.Create(CultureInfo.InvariantCulture, $"{ConfigException.Quote(text)} is no number from {least} to {most}; give one.")));

    /// <summary>What people say to each other is in it: nobody else's to read, and in the place of nothing that is there.</summary>
    private static FileStream Create(string path)
    {
        if (Path.Exists(path))
        {
            throw new ConfigException($"{path} is there already, and stays as it is; remove it, or give {OutputOption} another name.");
        }

        return new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
    }

    private static int Capture(Invocation invocation, CapturePlan plan, TunnelStatus status, Stream output, Action<SecretBuffer>? takeKeys)
    {
        using var wake = new EventFd();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var run = new CaptureRun(plan, output, takeKeys);
        invocation.Terminal.Error.WriteLine($"capturing {plan.Interface} for {plan.Time.TotalSeconds:0} seconds; Ctrl-C ends it");
        run.Run(status, Names(plan.Interface, status), wake);
        invocation.Terminal.Error.WriteLine($"{run.Packets} packets of {plan.Interface}{(run.Lost > 0 ? $", and {run.Lost} that came too fast" : "")}: {run.End}");
        if (plan.HasKeys)
        {
            invocation.Terminal.Error.WriteLine($"it holds the private key of {plan.Interface}: delete it when you have read it, or change that key");
        }

        return Invocation.Success;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            wake.Set();
        }
    }

    private static Dictionary<IpAddress, string> Names(string interfaceName, TunnelStatus status)
    {
        var titles = new PeerTitles(PeerNames.Of(interfaceName));
        var names = new Dictionary<IpAddress, string>();
        foreach (PeerStatus peer in status.Peers)
        {
            foreach (IpPrefix prefix in peer.AllowedIps.Where(static prefix => prefix.Length == prefix.Address.Bits))
            {
                names[prefix.Address] = titles.Of(peer.PublicKey);
            }
        }

        return names;
    }
}
