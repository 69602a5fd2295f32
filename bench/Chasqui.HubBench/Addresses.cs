using Chasqui.Core.Wire;

namespace Chasqui.HubBench;

/// <summary>Who has which address.</summary>
internal static class Addresses
{
    /// <summary>The hub's inner address, outside of what peers own.</summary>
    internal const uint Hub = 0x0AFFFFFE; // 10.255.255.254

    /// <summary>The hub's outer address.</summary>
    internal const uint HubOuter = 0xC0000201; // 192.0.2.1

    /// <summary>The port of the hub.</summary>
    internal const ushort Port = 51820;

    /// <summary>The inner address with a number: scattered over 10.0.0.0/9, each number another one.</summary>
    internal static uint Inner(int number) => 0x0A000000u | (((uint)number * 2654435761u) & 0x7FFFFF);

    /// <summary>An address as a value of the core's.</summary>
    internal static IpAddress Value(uint address) => IpAddress.V4(address);
}
