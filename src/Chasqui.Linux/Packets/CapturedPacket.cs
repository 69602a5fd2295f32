namespace Chasqui.Linux.Packets;

/// <summary>What is known of a packet that a <see cref="PacketSocket"/> saw.</summary>
/// <param name="Length">How many of its bytes were copied.</param>
/// <param name="OriginalLength">How many it had.</param>
/// <param name="IsOutgoing">Whether this machine sent it.</param>
/// <param name="InterfaceIndex">Where it was seen.</param>
/// <param name="UnixNanoseconds">When, in wall time.</param>
public readonly record struct CapturedPacket(int Length, int OriginalLength, bool IsOutgoing, uint InterfaceIndex, long UnixNanoseconds);
