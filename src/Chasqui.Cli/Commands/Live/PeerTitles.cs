using Chasqui.Core.Keys;

namespace Chasqui.Cli.Commands.Live;

/// <summary>What a person calls a peer: the name in the interface's file, else its key, abbreviated as the kernel does.</summary>
internal sealed class PeerTitles(IReadOnlyDictionary<PublicKey, string> names)
{
    internal string Of(PublicKey key) => key.NameIn(names);
}
