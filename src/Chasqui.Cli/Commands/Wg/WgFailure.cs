using System.Runtime.InteropServices;
using Chasqui.Linux;

namespace Chasqui.Cli.Commands.Wg;

/// <summary>Failures of the system: in stock's form through the link <c>wg</c>, else with a remedy.</summary>
internal static class WgFailure
{
    /// <summary>Says what could not be done, with the C library's words for the reason, as perror(3) does.</summary>
    /// <returns><see cref="Invocation.Failure"/>.</returns>
    internal static int Fail(this Invocation invocation, string what, LinuxException exception)
    {
        string sentence = $"{what}: {Marshal.GetPInvokeErrorMessage(exception.Errno)}";
        if (!invocation.IsStock)
        {
            return invocation.Fail(sentence + Remedy(exception.Errno, invocation.Program));
        }

        invocation.Terminal.Error.Write($"{sentence}\n");
        return Invocation.Failure;
    }

    /// <summary>Says how a command is called.</summary>
    /// <returns><see cref="Invocation.Failure"/>.</returns>
    internal static int FailUsage(this Invocation invocation, string usage)
    {
        invocation.Terminal.Error.Write($"Usage: {invocation.Program} {usage}\n");
        return Invocation.Failure;
    }

    private static string Remedy(int errno, string program) => errno switch
    {
        Errno.EACCES or Errno.EPERM => ". Run this as root",
        Errno.EPROTONOSUPPORT or Errno.ENODEV => $". No daemon runs it; `{program} show interfaces' lists those that run",
        _ => "",
    };
}
