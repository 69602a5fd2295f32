using System.Runtime.InteropServices;
using Chasqui.Linux;

namespace Chasqui.Cli.Commands.Wg;

/// <summary>Failures in stock's form: without the program's name, and with the C library's words for the reason.</summary>
internal static class WgFailure
{
    /// <summary>Says what could not be done, as perror(3) does.</summary>
    /// <returns><see cref="Invocation.Failure"/>.</returns>
    internal static int Fail(this Invocation invocation, string what, LinuxException exception)
    {
        invocation.Terminal.Error.Write($"{what}: {Marshal.GetPInvokeErrorMessage(exception.Errno)}\n");
        return Invocation.Failure;
    }

    /// <summary>Says how a command is called.</summary>
    /// <returns><see cref="Invocation.Failure"/>.</returns>
    internal static int FailUsage(this Invocation invocation, string usage)
    {
        invocation.Terminal.Error.Write($"Usage: {invocation.Program} {usage}\n");
        return Invocation.Failure;
    }
}
