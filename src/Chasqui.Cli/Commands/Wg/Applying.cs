using System.Text;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Linux;

namespace Chasqui.Cli.Commands.Wg;

/// <summary>The end that <c>set</c>, <c>setconf</c>, <c>addconf</c> and <c>syncconf</c> have in common.</summary>
internal static class Applying
{
    /// <summary>IFNAMSIZ without its zero.</summary>
    private const int MaxNameLength = 15;

    /// <summary>Changes an interface, and then gives a daemon of ours the names that its endpoints have.</summary>
    /// <returns>The exit code.</returns>
    internal static int Apply(this Invocation invocation, string interfaceName, DeviceChange change, DeviceChange? names)
    {
        try
        {
            string name = Cut(interfaceName);
            UapiClient client = new();
            client.Set(name, change);
            _ = names is null || client.TrySetNames(name, names);
            return Invocation.Success;
        }
        catch (LinuxException exception)
        {
            return invocation.Fail(
                invocation.IsStock ? "Unable to modify interface" : $"Unable to modify interface {ConfigException.Quote(interfaceName)}", exception);
        }
    }

    /// <summary>An interface's name, cut to the length that the kernel allows, as stock cuts it.</summary>
    internal static string Cut(string interfaceName)
    {
        byte[] name = Encoding.UTF8.GetBytes(interfaceName);
        return name.Length <= MaxNameLength ? interfaceName : Encoding.UTF8.GetString(name, 0, MaxNameLength);
    }
}
