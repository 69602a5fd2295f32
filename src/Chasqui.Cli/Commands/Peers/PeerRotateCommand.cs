using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Device;
using Chasqui.Provision;

namespace Chasqui.Cli.Commands.Peers;

/// <summary><c>peer rotate IFNAME NAME|KEY</c>: new keys for a peer; its name, addresses and settings stay.</summary>
internal static class PeerRotateCommand
{
    private const string PskOnly = "--psk-only";

    private static readonly Options Declared = new(
        "peer rotate",
        ["IFNAME", "NAME|KEY"],
        [
            new Option(PskOnly, null, "A new preshared key only; the peer keeps its own key"),
            .. PeerKeys.Declared,
            .. ClientOutput.Declared,
        ])
    {
        About = """
            Makes new keys for a peer, in the interface's file and in the running interface, and prints the peer's configuration anew. The
            peer is cut off until it has that. Its name, addresses and settings stay.
            """,
    };

    /// <summary>Gives a peer new keys.</summary>
    internal static int Run(Invocation invocation) => Declared.Run(invocation, values => Rotate(invocation, values));

    private static int Rotate(Invocation invocation, OptionValues values)
    {
        TextWriter error = invocation.Terminal.Error;
        bool isPskOnly = values.Has(PskOnly);
        PublicKey? given = PeerKeys.ReadPublicKey(values);
        if (isPskOnly && given is not null)
        {
            throw new ConfigException($"{PskOnly} keeps the peer's key, and {PeerKeys.PublicKeyOption} gives it another; leave one out.");
        }

        bool isMade = given is null && !isPskOnly;
        using ClientOutput output = ClientOutput.Read(values, invocation.Terminal, hasPrivateKey: isMade);
        using PeerEdit edit = PeerEdit.Open(values.Words[0], error);
        int index = edit.Hub.Find(values.Words[1]);
        ConfSection section = edit.Hub.SectionOf(index);
        using PrivateKey? key = isMade ? PrivateKey.Generate(new SystemEntropy()) : null;
        bool hasPresharedKey = edit.Hub.Peers[index].PresharedKey is { IsZero: false };
        using PresharedKey? presharedKey = PeerKeys.ReadPresharedKey(values, isPskOnly || hasPresharedKey);
        ClientSettings settings = edit.Hub.SettingsFor(ClientSettings.Read(section, edit.ListenPort, edit.Path), edit.ListenPort);
        ConfDocument conf = new ClientConf
        {
            Name = section.Name,
            PrivateKey = key,
            Addresses = edit.Hub.ClientAddresses(index),
            HubPublicKey = edit.PublicKey,
            PresharedKey = presharedKey,
            Settings = HubEndpoint.Complete(settings, edit, error),
        }.ToDocument();
        output.Prepare(edit.InterfaceName, conf);
        PublicKey? publicKey = given ?? key?.DerivePublicKey();
        edit.Rotate(index, publicKey, presharedKey, output.HasFile ? output.Deliver : null, output.HasFile ? output.Withdraw : null);
        string what = isPskOnly ? "a new preshared key" : "new keys";
        error.WriteLine($"The peer has {what}: {section.Get(ConfKeys.PublicKey)}. The other end needs its new configuration.");
        output.Show();
        return Invocation.Success;
    }
}
