using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Icmp;

/// <summary>What somebody on the way, or at its end, says of a UDP datagram that did not arrive. Anybody can say so.</summary>
/// <param name="LocalPort">The port that it was sent from.</param>
/// <param name="Remote">Where it was sent to.</param>
/// <param name="Errno">Why it did not arrive: ECONNREFUSED, EHOSTUNREACH, ENETUNREACH or EMSGSIZE.</param>
public readonly record struct NetworkError(ushort LocalPort, UdpAddress Remote, int Errno);
