using System.Runtime.InteropServices;
using Chasqui.Core.Config;
using Chasqui.Quick;

namespace Chasqui.Cli.Commands;

/// <summary><c>up</c>, <c>down</c>, <c>save</c> and <c>strip</c>: the work of wg-quick(8), also through a link of that name.</summary>
internal static class QuickCommands
{
    /// <summary>The name of the link.</summary>
    internal const string ProgramName = "wg-quick";

    private const string Variable = "WG_QUICK_USERSPACE_IMPLEMENTATION";
    private const string RetriesVariable = "WG_ENDPOINT_RESOLUTION_RETRIES";
    private const string SystemFolders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const string Usage = """
        Usage: wg-quick [ up | down | save | strip ] [ CONFIG_FILE | INTERFACE ]

          up      bring an interface up: addresses, MTU, DNS, routes and commands of its file
          down    take it down again, and all that came with it
          save    write what runs into its file; comments, order and names stay
          strip   print the file without the keys that only wg-quick knows, for wg(8)

          CONFIG_FILE is a file named INTERFACE.conf; an INTERFACE alone means
          /etc/wireguard/INTERFACE.conf. See wg-quick(8).
        """;

    /// <summary>Runs the program <c>wg-quick</c>.</summary>
    internal static int RunProgram(Invocation invocation)
    {
        switch (invocation.Arguments)
        {
            case ["--help" or "-h" or "help"]:
                invocation.Terminal.Error.WriteLine(Usage);
                return Invocation.Success;
            case [("up" or "down" or "save" or "strip") and var verb, var file]:
                return Run(verb, invocation with { Arguments = [file] });
            default:
                invocation.Terminal.Error.WriteLine(Usage);
                return Invocation.Failure;
        }
    }

    /// <summary><c>chasqui up</c>.</summary>
    internal static int Up(Invocation invocation) => Run("up", invocation);

    /// <summary><c>chasqui down</c>.</summary>
    internal static int Down(Invocation invocation) => Run("down", invocation);

    /// <summary><c>chasqui save</c>.</summary>
    internal static int Save(Invocation invocation) => Run("save", invocation);

    /// <summary><c>chasqui strip</c>.</summary>
    internal static int Strip(Invocation invocation) => Run("strip", invocation);

    private static int Run(string verb, Invocation invocation)
    {
        if (invocation.Arguments is not [var argument])
        {
            return invocation.Fail($"{verb} takes one interface or file. Usage: {invocation.Program} {verb} IFNAME|FILE.conf");
        }

        if (argument.StartsWith('-') && invocation.Program != ProgramName)
        {
            return invocation.Fail($"there is no option {ConfigException.Quote(argument)}; see `{invocation.Program} {verb} --help'.");
        }

        if (verb != "strip" && !Environment.IsPrivilegedProcess)
        {
            return invocation.Fail($"must be run as root: sudo {invocation.Program} {verb} {argument}");
        }

        try
        {
            Run(verb, QuickFile.Load(argument), invocation);
            return Invocation.Success;
        }
        catch (ConfigException exception)
        {
            return invocation.Fail(exception.Message);
        }
    }

    private static void Run(string verb, QuickFile file, Invocation invocation)
    {
        foreach (string warning in file.Warnings)
        {
            invocation.Terminal.Error.WriteLine(warning);
        }

        if (verb == "strip")
        {
            invocation.Terminal.WriteOutput(ConfEncoding.Encode(file.Conf.Strip()));
            return;
        }

        using var interruption = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        QuickOptions options = Options(invocation.Terminal.Error, interruption.Token);
        switch (verb)
        {
            case "up":
                QuickUp.Run(file, options);
                break;
            case "down":
                QuickDown.Run(file, options);
                break;
            default:
                QuickSave.Run(file, options);
                break;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            interruption.Cancel();
        }
    }

    /// <summary>What the environment says about the surroundings.</summary>
    internal static QuickOptions Options(TextWriter log, CancellationToken cancellation)
    {
        string own = Environment.ProcessPath!;
        string? other = Environment.GetEnvironmentVariable(Variable);
        bool isOwn = string.IsNullOrEmpty(other);
        return new QuickOptions
        {
            Daemon = isOwn ? own : other!,
            DaemonArguments = isOwn ? ["run"] : [],

            // Ours first, so that a hook's "wg" is the one that was installed beside this program.
            SearchPath = $"{Path.GetDirectoryName(own)}:{Environment.GetEnvironmentVariable("PATH") ?? SystemFolders}",
            Log = log,
            Cancellation = cancellation,
            ResolutionRetries = Environment.GetEnvironmentVariable(RetriesVariable),
        };
    }
}
