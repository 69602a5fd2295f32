namespace Chasqui.Explain;

/// <summary>What a rule of a packet filter does with a packet that it is for.</summary>
internal enum FilterAction
{
    /// <summary>Something that does not end the packet's way: it counts, logs, marks.</summary>
    Continue,

    /// <summary>Lets it pass this hook's chain.</summary>
    Accept,

    /// <summary>Drops it, or refuses it.</summary>
    Drop,

    /// <summary>Goes on in another chain, and comes back.</summary>
    Jump,

    /// <summary>Goes on in another chain, and does not come back.</summary>
    Goto,

    /// <summary>Goes back to the chain before.</summary>
    Return,
}
