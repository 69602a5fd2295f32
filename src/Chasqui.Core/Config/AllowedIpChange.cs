using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>A prefix to give to a peer, or to take from it.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Remove">Whether it is taken away (<c>allowed_ip=-…</c>); nothing happens if another peer has it.</param>
public readonly record struct AllowedIpChange(IpPrefix Prefix, bool Remove);
