using Chasqui.Control;
using Chasqui.Core.Config;

namespace Chasqui.Cli.Commands.Wg;

/// <summary><c>showconf INTERFACE</c>. Source: wg(8); wireguard-tools showconf.c.</summary>
internal static class ShowConfCommand
{
    /// <summary>Writes a running interface's configuration as a file for <c>setconf</c>.</summary>
    internal static int Run(Invocation invocation)
    {
        if (invocation.Arguments is not [string name])
        {
            return invocation.FailUsage("showconf <interface>");
        }

        using NamedDevice? device = ShowCommand.ReadNamed(invocation, name);
        if (device is null)
        {
            return Invocation.Failure;
        }

        using SecretBuffer text = new();
        WgConfWriter.Write(device.Snapshot, NetworkInterfaces.FindName, text);
        invocation.Terminal.WriteOutput(text.WrittenSpan);
        return Invocation.Success;
    }
}
