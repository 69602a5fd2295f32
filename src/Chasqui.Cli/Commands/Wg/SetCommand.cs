using Chasqui.Core.Config;
using Chasqui.Names;

namespace Chasqui.Cli.Commands.Wg;

/// <summary><c>set INTERFACE …</c>. Source: wg(8); wireguard-tools set.c.</summary>
internal static class SetCommand
{
    private const string Usage =
        "set <interface> [listen-port <port>] [fwmark <mark>] [private-key <file path>] [peer <base64 public key> [remove] "
        + "[preshared-key <file path>] [endpoint <ip>:<port>] [persistent-keepalive <interval seconds>] "
        + "[allowed-ips <ip1>/<cidr1>[,<ip2>/<cidr2>]...] ]...";

    /// <summary>Changes an interface as its arguments say.</summary>
    internal static int Run(Invocation invocation)
    {
        if (invocation.Arguments.Count < 2)
        {
            return invocation.FailUsage(Usage);
        }

        string[] words = [.. invocation.Arguments];
        try
        {
            using WgConf conf = CommandLineConf.Parse(words.AsSpan(1), ConfInput.ReadKeyFile, ConfInput.Options(invocation.Terminal));
            return invocation.Apply(words[0], conf.ToAddChange(), conf.ToNameChange(EndpointLookup.FindPort));
        }
        catch (ConfigException exception)
        {
            return invocation.Fail(exception);
        }
    }
}
