namespace Chasqui.Cli.Commands.Live;

/// <summary>How to ping.</summary>
/// <param name="Count">How many requests: 1 or more.</param>
/// <param name="PayloadLength">What each carries, in bytes.</param>
/// <param name="Interval">From one to the next.</param>
/// <param name="Wait">How long the last answer is waited for.</param>
internal sealed record PingPlan(int Count, int PayloadLength, TimeSpan Interval, TimeSpan Wait);
