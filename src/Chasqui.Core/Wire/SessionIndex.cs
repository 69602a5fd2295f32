namespace Chasqui.Core.Wire;

/// <summary>The 32-bit name under which one side of a handshake or keypair is found again.</summary>
/// <remarks>
/// Shape: little-endian on the wire. Each side picks its own at random, so that an observer cannot count or link sessions.
/// Source: whitepaper section 5.4.2 (the sender and receiver fields).
/// </remarks>
/// <param name="Value">The index.</param>
public readonly record struct SessionIndex(uint Value);
