namespace Chasqui.Explain;

/// <summary>A rule, judged for one packet: a first datagram to a port.</summary>
/// <param name="Match">Whether it is for the packet.</param>
/// <param name="Action">What it does.</param>
/// <param name="Target">The chain that it goes on in.</param>
/// <param name="Text">The rule in its tool's words.</param>
internal readonly record struct FilterRule(FilterMatch Match, FilterAction Action, string? Target, string Text);
