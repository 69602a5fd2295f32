using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Device;
using Chasqui.Provision;

namespace Chasqui.Cli.Commands.Peers;

/// <summary><c>peer add IFNAME NAME</c>: keys and an address for a client, its section in the hub's file, and its own file.</summary>
internal static class PeerAddCommand
{
    private const string Address = "--address";
    private const string AllowedIps = "--allowed-ips";
    private const string PeerEndpoint = "--peer-endpoint";

    private static readonly Options Declared = new(
        "peer add",
        ["IFNAME", "NAME"],
        [
            new Option(Address, "A[,B]", "The peer's addresses; without it, the next that are free"),
            new Option(AllowedIps, "LIST", "Networks behind the peer, which this machine sends it as well"),
            new Option(PeerEndpoint, "HOST:PORT", "Where the peer is reached, if it has a fixed place"),
            .. ClientOptions.DeclaredOfPeer,
            .. PeerKeys.Declared,
            .. ClientOutput.Declared,
        ])
    {
        About = """
            Makes a peer's keys, gives it the next free address, writes it into the interface's file and into the running interface, and
            prints the peer's own configuration: its private key is kept nowhere else. What is not said here is taken from the comments
            that `chasqui new' left.

              chasqui peer add wg0 phone
              chasqui peer add wg0 laptop --exclude private -o laptop.conf
              chasqui peer add wg0 office --for routeros --allowed-ips 192.168.88.0/24
            """,
    };

    /// <summary>Adds a peer.</summary>
    internal static int Run(Invocation invocation) => Declared.Run(invocation, values => Add(invocation, values));

    private static int Add(Invocation invocation, OptionValues values)
    {
        TextWriter error = invocation.Terminal.Error;
        PublicKey? given = PeerKeys.ReadPublicKey(values);
        using ClientOutput output = ClientOutput.Read(values, invocation.Terminal, hasPrivateKey: given is null);
        using PeerEdit edit = PeerEdit.Open(values.Words[0], error);
        edit.Hub.RequireFreeName(values.Words[1]);
        using PrivateKey? key = given is null ? PrivateKey.Generate(new SystemEntropy()) : null;
        using PresharedKey? presharedKey = PeerKeys.ReadPresharedKey(values, isWanted: true);
        HubPeer peer = new()
        {
            Name = values.Words[1],
            PublicKey = given ?? key!.DerivePublicKey(),
            PresharedKey = presharedKey,
            Addresses = Addresses(values, edit),
            Networks = values.Read(AllowedIps, static text => AllowedIpsExpression.Parse(text).Compute()) ?? [],
            Endpoint = values.Read(PeerEndpoint, static text => ClientValues.ReadEndpoint(text, 0)),
            Settings = ClientOptions.Read(values, edit.ListenPort),
        };
        ConfDocument conf = new ClientConf
        {
            Name = peer.Name,
            PrivateKey = key,
            Addresses = peer.Addresses,
            HubPublicKey = edit.PublicKey,
            PresharedKey = presharedKey,
            Settings = HubEndpoint.Complete(edit.Hub.SettingsFor(peer.Settings, edit.ListenPort), edit, error),
        }.ToDocument();
        output.Prepare(edit.InterfaceName, conf);
        ConfSection section = edit.Add(peer, output.HasFile ? output.Deliver : null, output.HasFile ? output.Withdraw : null);
        Tell(error, edit, section);
        output.Show();
        return Invocation.Success;
    }

    private static IReadOnlyList<QuickAddress> Addresses(OptionValues values, PeerEdit edit) =>
        values.Read(Address, ClientValues.ReadAddresses) is { } given
            ? edit.Hub.WithNetworks(given)
            : FreeAddress.Find(edit.Hub.Addresses, edit.TakenPrefixes);

    /// <summary>Shows the hub's section, but for its secret.</summary>
    private static void Tell(TextWriter error, PeerEdit edit, ConfSection section)
    {
        error.WriteLine($"In {edit.Path}:");
        foreach (ConfLine line in section.Lines.Where(static line => line.Kind != ConfLineKind.Blank))
        {
            error.WriteLine("  " + (ConfKeys.Equal(line.Key, ConfKeys.PresharedKey) ? $"{line.Key} = (hidden)" : line.Text));
        }

        if (edit.Running is null)
        {
            string argument = edit.Path == QuickConfName.PathOf(edit.InterfaceName) ? edit.InterfaceName : edit.Path;
            error.WriteLine($"`{edit.InterfaceName}' does not run yet: chasqui up {argument}");
        }
    }
}
