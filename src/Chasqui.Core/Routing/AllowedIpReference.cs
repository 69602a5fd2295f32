namespace Chasqui.Core.Routing;

/// <summary>Names a slot of the IPv4 or of the IPv6 table; the default value names none.</summary>
internal readonly struct AllowedIpReference
{
    private readonly int _value;

    // Shape: slot number, family bit, both plus one so that zero is "none".
    internal AllowedIpReference(int slot, bool isV6) => _value = ((slot << 1) | (isV6 ? 1 : 0)) + 1;

    internal bool IsNone => _value == 0;

    internal bool IsV6 => ((_value - 1) & 1) != 0;

    internal int Slot => (_value - 1) >> 1;
}
