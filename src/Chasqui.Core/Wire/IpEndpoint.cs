using System.Globalization;

namespace Chasqui.Core.Wire;

/// <summary>Where a datagram goes: address, UDP port and, for link-local IPv6, the interface.</summary>
/// <param name="Address">The address; <see cref="IpAddress.IsNone"/> for no endpoint.</param>
/// <param name="Port">The UDP port.</param>
/// <param name="ScopeId">Interface index of a link-local IPv6 address, else 0.</param>
public readonly record struct IpEndpoint(IpAddress Address, ushort Port, uint ScopeId)
{
    /// <summary>Makes an endpoint without a scope.</summary>
    public IpEndpoint(IpAddress address, ushort port)
        : this(address, port, 0)
    {
    }

    /// <summary>Whether this is no endpoint at all.</summary>
    public bool IsNone => Address.IsNone;

    /// <summary>Reads <c>1.2.3.4:port</c>, <c>[v6]:port</c> or <c>[v6%scope]:port</c> with a numeric scope.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        ReadOnlySpan<char> host = text[..colon];
        uint scope = 0;
        bool isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (isBracketed)
        {
            host = host[1..^1];
            int percent = host.IndexOf('%');
            if (percent >= 0)
            {
                if (!uint.TryParse(host[(percent + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out scope))
                {
                    return false;
                }

                host = host[..percent];
            }
        }

        if (!IpAddress.TryParse(host, out IpAddress address) || address.IsV6 != isBracketed)
        {
            return false;
        }

        endpoint = new IpEndpoint(address, port, scope);
        return true;
    }

    /// <summary><c>1.2.3.4:port</c> or <c>[v6]:port</c>, with <c>%scope</c> where there is one.</summary>
    public override string ToString() => Address.IsV6
        ? string.Create(CultureInfo.InvariantCulture, $"[{Address}{(ScopeId == 0 ? "" : "%")}{(ScopeId == 0 ? "" : ScopeId)}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
