using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Packets;

/// <summary>A classic BPF program over IP headers: UDP datagrams from or to a port, whole or first fragments.</summary>
/// <remarks>Source: linux/filter.h; tcpdump -d shows the like. IPv6 with extension headers is not seen.</remarks>
internal static class PortFilter
{
    private const ushort LoadByte = 0x30, LoadHalf = 0x28, LoadHalfAtX = 0x48, LoadHeaderLength = 0xB1;
    private const ushort And = 0x54, JumpIfEqual = 0x15, JumpIfAnySet = 0x45, Return = 0x06;
    private const byte ProtocolUdp = 17;
    private const uint All = 0x40000;

    /// <summary>Makes the program. Jumps are relative to the next instruction.</summary>
    internal static Libc.sock_filter[] Make(ushort port) =>
    [
        Do(LoadByte, 0),
        Do(And, 0xF0),
        Jump(JumpIfEqual, 0x40, 0, 9),
        Do(LoadByte, 9),
        Jump(JumpIfEqual, ProtocolUdp, 0, 15),
        Do(LoadHalf, 6),
        Jump(JumpIfAnySet, 0x1FFF, 13, 0), // a later fragment has no ports
        Do(LoadHeaderLength, 0),
        Do(LoadHalfAtX, 0),
        Jump(JumpIfEqual, port, 9, 0),
        Do(LoadHalfAtX, 2),
        Jump(JumpIfEqual, port, 7, 8),
        Jump(JumpIfEqual, 0x60, 0, 7),
        Do(LoadByte, 6),
        Jump(JumpIfEqual, ProtocolUdp, 0, 5),
        Do(LoadHalf, 40),
        Jump(JumpIfEqual, port, 2, 0),
        Do(LoadHalf, 42),
        Jump(JumpIfEqual, port, 0, 1),
        Do(Return, All),
        Do(Return, 0),
    ];

    private static Libc.sock_filter Do(ushort code, uint value) => new() { code = code, k = value };

    private static Libc.sock_filter Jump(ushort code, uint value, byte ifTrue, byte ifFalse) =>
        new() { code = code, jt = ifTrue, jf = ifFalse, k = value };
}
