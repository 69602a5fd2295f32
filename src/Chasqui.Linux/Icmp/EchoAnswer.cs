using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Icmp;

/// <summary>What came back for an echo request.</summary>
/// <param name="Kind">Its answer, or why there is none.</param>
/// <param name="Sequence">The request's number.</param>
/// <param name="From">Who says so; the port is 0.</param>
/// <param name="Code">The code of an ICMP error.</param>
/// <param name="Mtu">The longest packet that fits, of <see cref="EchoAnswerKind.TooBig"/>; 0 if it is not said.</param>
public readonly record struct EchoAnswer(EchoAnswerKind Kind, ushort Sequence, UdpAddress From, byte Code, int Mtu);
