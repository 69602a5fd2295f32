using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Provision;

/// <summary>What the configuration files of a folder have taken: networks and ports, whether their interfaces run or not.</summary>
/// <remarks>Files that cannot be read, or are none, are passed over: they are another command's business.</remarks>
public sealed class ConfFolder
{
    private readonly HashSet<IpPrefix> _networks = [];
    private readonly HashSet<ushort> _ports = [];

    private ConfFolder()
    {
    }

    /// <summary>The networks of their addresses.</summary>
    public IReadOnlyCollection<IpPrefix> Networks => _networks;

    /// <summary>The ports that they listen on.</summary>
    public IReadOnlySet<ushort> Ports => _ports;

    /// <summary>Reads all files of a folder whose names end with <c>.conf</c>; a folder that is not there has none.</summary>
    public static ConfFolder Read(string folder)
    {
        var read = new ConfFolder();
        foreach (string path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + QuickConfName.Extension) : [])
        {
            try
            {
                read.Take(ConfDocument.Parse(File.ReadAllText(path, Encoding.UTF8)));
            }
            catch (Exception exception) when (exception is ConfigException or IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }

        return read;
    }

    private void Take(ConfDocument document)
    {
        if (ushort.TryParse(document.Interface?.Get(ConfKeys.ListenPort), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            _ = _ports.Add(port);
        }

        foreach (QuickAddress address in QuickConf.Parse(document, null).ReadAddresses())
        {
            _ = _networks.Add(address.Prefix);
        }
    }
}
