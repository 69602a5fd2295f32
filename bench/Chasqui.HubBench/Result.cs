namespace Chasqui.HubBench;

/// <summary>What the hub made of one flood.</summary>
/// <param name="GigabitsPerSecond">Inner UDP payload that arrived.</param>
/// <param name="NanosecondsPerPacket">Processor time of the daemon, the kernel's share included, for each inner packet that arrived.</param>
/// <param name="Share">How much of what was offered arrived; outbound the sender is not held back.</param>
internal readonly record struct Result(double GigabitsPerSecond, double NanosecondsPerPacket, double Share);
