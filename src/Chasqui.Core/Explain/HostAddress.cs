using System.Globalization;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Explain;

/// <summary>An address of the interface with the length of its network.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">The bits that the network shares.</param>
public readonly record struct HostAddress(IpAddress Address, int PrefixLength)
{
    /// <summary><c>address/length</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
