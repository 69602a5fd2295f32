using Chasqui.Core.Keys;
using Chasqui.Provision;

namespace Chasqui.Cli.Commands.Peers;

/// <summary><c>peer remove</c> and <c>peer rename</c>.</summary>
internal static class PeerChangeCommands
{
    private static readonly Options RemoveOptions = new("peer remove", ["IFNAME", "NAME|KEY"])
    {
        About = "Removes a peer from the interface's file and from the running interface. KEY is a public key, or 4 characters of it or more.",
    };

    private static readonly Options RenameOptions = new("peer rename", ["IFNAME", "NAME|KEY", "NEW"])
    {
        About = "Gives a peer another name, which is a comment in the interface's file: # Name = NEW. KEY is a public key, or 4 characters of it or more.",
    };

    /// <summary>Removes a peer from the file and from the running interface.</summary>
    internal static int Remove(Invocation invocation) => RemoveOptions.Run(invocation, values =>
    {
        using PeerEdit edit = PeerEdit.Open(values.Words[0], invocation.Terminal.Error);
        int index = edit.Hub.Find(values.Words[1]);
        PublicKey key = edit.Hub.Peers[index].PublicKey;
        edit.Remove(index);
        invocation.Terminal.Error.WriteLine($"The peer {key} is removed.");
        return Invocation.Success;
    });

    /// <summary>Gives a peer another name.</summary>
    internal static int Rename(Invocation invocation) => RenameOptions.Run(invocation, values =>
    {
        using PeerEdit edit = PeerEdit.Open(values.Words[0], invocation.Terminal.Error);
        edit.Rename(edit.Hub.Find(values.Words[1]), values.Words[2]);
        return Invocation.Success;
    });
}
