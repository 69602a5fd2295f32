namespace Chasqui.SyscallBench;

/// <summary>What one message carries.</summary>
/// <param name="DatagramBytes">Length of each datagram.</param>
/// <param name="Datagrams">How many; more than one go with UDP_SEGMENT.</param>
/// <param name="IsGathered">Whether each has an iovec of its own.</param>
/// <param name="NamesSource">Whether it carries IP_PKTINFO.</param>
internal readonly record struct MessageShape(int DatagramBytes, int Datagrams, bool IsGathered, bool NamesSource);
