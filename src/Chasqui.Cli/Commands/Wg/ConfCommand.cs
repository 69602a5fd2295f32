using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Names;

namespace Chasqui.Cli.Commands.Wg;

/// <summary><c>setconf</c>, <c>addconf</c> and <c>syncconf INTERFACE FILE</c>. Source: wg(8); wireguard-tools setconf.c.</summary>
internal static class ConfCommand
{
    /// <summary>Replaces an interface's configuration by a file's.</summary>
    internal static int Set(Invocation invocation) => Run(invocation, "setconf", static (conf, _) => conf.ToSetChange());

    /// <summary>Adds a file's configuration to an interface's.</summary>
    internal static int Add(Invocation invocation) => Run(invocation, "addconf", static (conf, _) => conf.ToAddChange());

    /// <summary>Brings an interface to what a file says, and leaves what is so already alone.</summary>
    internal static int Sync(Invocation invocation) => Run(invocation, "syncconf", static (conf, name) =>
    {
        if (conf.Peers.Count == 0)
        {
            return conf.ToSetChange();
        }

        using DeviceSnapshot running = new UapiClient().Get(Applying.Cut(name));
        return conf.ToSyncChange(running);
    });

    private static int Run(Invocation invocation, string command, Func<WgConf, string, DeviceChange> change)
    {
        if (invocation.Arguments is not [string name, string path])
        {
            return invocation.FailUsage(command + " <interface> <configuration filename>");
        }

        try
        {
            using SecretBuffer text = ConfInput.ReadFile(path);
            using WgConf conf = WgConf.Parse(text.WrittenSpan, ConfInput.Options(invocation.Terminal) with { File = path });
            return Apply(invocation, name, conf, change);
        }
        catch (LinuxException exception)
        {
            // Stock takes a file that cannot be read for an empty one, and empties the interface.
            return invocation.IsStock
                ? invocation.Fail(exception.Syscall == "open" ? "fopen" : exception.Syscall, exception)
                : invocation.Fail($"{ConfigException.Quote(path)} cannot be read", exception);
        }
        catch (ConfigException exception)
        {
            return invocation.Fail(exception);
        }
    }

    private static int Apply(Invocation invocation, string name, WgConf conf, Func<WgConf, string, DeviceChange> change)
    {
        DeviceChange wanted;
        try
        {
            wanted = change(conf, name);
        }
        catch (LinuxException exception)
        {
            return invocation.Fail("Unable to retrieve current interface configuration", exception);
        }

        return invocation.Apply(name, wanted, conf.ToNameChange(EndpointLookup.FindPort));
    }
}
