namespace Chasqui.Siege.Flood;

/// <summary>One kind of flood.</summary>
/// <param name="Letter">What it is called for short.</param>
/// <param name="Title">What is sent.</param>
/// <param name="Bar">The least part of its throughput that the legitimate peer must keep.</param>
internal sealed record FloodKind(char Letter, string Title, double Bar)
{
    private const double Most = 0.8, Half = 0.5;

    /// <summary>Random bytes.</summary>
    public static FloodKind Random { get; } = new('a', "random bytes", Most);

    /// <summary>Initiations for somebody else.</summary>
    public static FloodKind BadMac { get; } = new('b', "initiations with a bad mac1", Most);

    /// <summary>Initiations that must be answered or asked for a cookie.</summary>
    public static FloodKind GoodMac { get; } = new('c', "initiations with a good mac1, spoofed sources", Half);

    /// <summary>Initiations that were valid once.</summary>
    public static FloodKind OldInitiations { get; } = new('d', "valid initiations, replayed", Most);

    /// <summary>Data of the legitimate peer's session.</summary>
    public static FloodKind OldData { get; } = new('e', "data of the session, replayed", Most);

    /// <summary>Lengths that nobody expects.</summary>
    public static FloodKind Odd { get; } = new('f', "oversized, empty and oddly joined datagrams", Most);

    /// <summary>All, in the order of their letters.</summary>
    public static IReadOnlyList<FloodKind> All { get; } = [Random, BadMac, GoodMac, OldInitiations, OldData, Odd];
}
