namespace Chasqui.Cli.Commands.Live;

/// <summary>What to capture, and how much of it.</summary>
/// <param name="Interface">The tunnel's interface.</param>
/// <param name="HasOuter">Whether the tunnel's own datagrams are captured too.</param>
/// <param name="HasKeys">Whether the keys that make them readable are, too.</param>
/// <param name="Time">How long.</param>
/// <param name="Bytes">The most bytes of the file.</param>
/// <param name="Packets">The most packets.</param>
/// <param name="SnapLength">The most bytes of a packet.</param>
internal sealed record CapturePlan(string Interface, bool HasOuter, bool HasKeys, TimeSpan Time, long Bytes, long Packets, int SnapLength);
