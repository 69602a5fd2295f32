namespace Chasqui.Siege.Flood;

/// <summary>What the floods did to one daemon.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Throughput">The legitimate peer's throughput without any flood, Mbit/s.</param>
/// <param name="Ping50">Its median round trip without any flood, milliseconds.</param>
/// <param name="Ping99">The 99th percentile.</param>
/// <param name="PeakMemory">Greatest resident memory after all floods, bytes.</param>
/// <param name="Floods">What each flood did, by letter.</param>
internal sealed record FloodedProgram(
    string Name, string Version, double Throughput, double Ping50, double Ping99, double PeakMemory, IReadOnlyDictionary<string, FloodFigures> Floods);
