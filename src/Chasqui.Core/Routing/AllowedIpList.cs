namespace Chasqui.Core.Routing;

/// <summary>Both ends of one owner's list of prefixes: 12 bytes inside the owner. The default value is the empty list.</summary>
/// <remarks>Threads: guarded by whatever serialises the table's writers. An owner belongs to one table.</remarks>
internal struct AllowedIpList
{
    internal AllowedIpReference First;
    internal AllowedIpReference Last;

    /// <summary>How many prefixes the owner has.</summary>
    public int Count { get; internal set; }
}
