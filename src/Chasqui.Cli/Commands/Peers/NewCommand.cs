using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Provision;

namespace Chasqui.Cli.Commands.Peers;

/// <summary><c>new IFNAME</c>: an interface's first file, with keys, address and port. Nothing runs yet.</summary>
internal static class NewCommand
{
    private const string Address = "--address";
    private const string Port = "--port";
    private const string Output = "--output";

    private static readonly Options Declared = new(
        "new",
        ["IFNAME"],
        [
            new Option(Address, "A/LEN[,B/LEN]", "The interface's addresses; without it, one in a free private network"),
            new Option(Port, "N", "The UDP port; without it, 51820 or the next that is free"),
            .. ClientOptions.Declared,
            new Option(Output, "FILE", "Another file than /etc/wireguard/IFNAME.conf") { Short = "-o" },
        ])
    {
        About = """
            Makes a private key and /etc/wireguard/IFNAME.conf, mode 600, and prints the public key. What is said of clients is kept in
            the file, as comments, for `chasqui peer add'. An existing file stays as it is.

              chasqui new wg0 --address 10.8.0.1/24 --endpoint vpn.example.com
            """,
    };

    /// <summary>Makes the file.</summary>
    internal static int Run(Invocation invocation) => Declared.Run(invocation, values => Create(invocation, values));

    private static int Create(Invocation invocation, OptionValues values)
    {
        string name = values.Words[0];
        string path = PathOf(name, values.Get(Output));
        if (File.Exists(path))
        {
            return invocation.Fail($"{path} exists and stays as it is; take another interface's name, or move the file away first.");
        }

        ConfFolder others = ConfFolder.Read(Path.GetDirectoryName(Path.GetFullPath(path))!);
        IpPrefix[] taken = [.. HostNetworks.ReadNetworks().Concat(others.Networks)];
        IReadOnlyList<QuickAddress> addresses = values.Read(Address, ReadAddresses) ?? [FirstOf(FreeNetwork.Choose(new SystemEntropy(), taken))];
        ushort port = values.Has(Port) ? values.Read(Port, ClientValues.ReadPort) : ChoosePort(others);
        ClientSettings settings = ClientOptions.Read(values, port);
        using PrivateKey key = PrivateKey.Generate(new SystemEntropy());
        NewHub hub = new()
        {
            PrivateKey = key,
            ListenPort = port,
            Addresses = addresses,
            Mtu = settings.Mtu,
            Settings = settings with { Mtu = null },
        };
        InterfaceFile.Create(path, hub.ToDocument());
        Tell(invocation, hub, path, key.DerivePublicKey());
        WarnOfOverlaps(invocation, addresses, taken);
        return Invocation.Success;
    }

    private static string PathOf(string name, string? output)
    {
        if (!QuickConfName.IsNewInterfaceName(name))
        {
            throw new ConfigException($"{ConfigException.Quote(name)} is no interface's name; give 1 to 15 of letters, digits and _=+.-");
        }

        string path = output ?? QuickConfName.PathOf(name), file = name + QuickConfName.Extension;
        return Path.GetFileName(path) == file
            ? path
            : throw new ConfigException($"{Output}: the file's name is the interface's, for `up'; give a path that ends with {file}.");
    }

    private static IReadOnlyList<QuickAddress> ReadAddresses(string text)
    {
        if (text.Split(',').FirstOrDefault(static word => !word.Contains('/')) is { } alone)
        {
            throw new ConfigException($"{ConfigException.Quote(alone)} has no length of its network; give it as in 10.8.0.1/24.");
        }

        IReadOnlyList<QuickAddress> addresses = ClientValues.ReadAddresses(text);
        foreach (QuickAddress address in addresses)
        {
            if (address.Address == address.Prefix.Address && address.Address.Bits - address.Length > 1)
            {
                throw new ConfigException($"{address} is the network itself; give a host in it, as in {FirstOf(address.Prefix)}.");
            }
        }

        return addresses;
    }

    private static QuickAddress FirstOf(IpPrefix network)
    {
        IpAddress first = network.Address;
        return new QuickAddress(first.IsV4 ? IpAddress.V4((uint)(first.High >> 32) + 1) : IpAddress.V6(first.High, first.Low + 1), network.Length);
    }

    private static ushort ChoosePort(ConfFolder others)
    {
        IReadOnlySet<ushort> sockets = HostNetworks.ReadUdpPorts();
        return FreePort.Choose(port => sockets.Contains(port) || others.Ports.Contains(port));
    }

    private static void Tell(Invocation invocation, NewHub hub, string path, PublicKey publicKey)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string argument = path == QuickConfName.PathOf(name) ? name : path;
        invocation.Terminal.Error.WriteLine($"""
            {path} is written: address {string.Join(", ", hub.Addresses)}, UDP port {hub.ListenPort}. The public key:
            """);
        invocation.Terminal.Output.WriteLine(publicKey.ToString());
        invocation.Terminal.Error.WriteLine($"""
            Next:
              {invocation.Program} up {argument}
              {invocation.Program} peer add {argument} phone
            """);
    }

    private static void WarnOfOverlaps(Invocation invocation, IReadOnlyList<QuickAddress> addresses, IpPrefix[] taken)
    {
        foreach (QuickAddress address in addresses)
        {
            IpPrefix network = address.Prefix;
            IpPrefix? other = taken.Cast<IpPrefix?>().FirstOrDefault(
                prefix => prefix is { Length: > 0 } known && (known.Contains(network.Address) || network.Contains(known.Address)));
            if (other is not null)
            {
                invocation.Terminal.Error.WriteLine($"[!] {network} overlaps {other}, which this machine or another file has already.");
            }
        }
    }
}
