namespace Chasqui.Core.DoS;

/// <summary>What the two macs of a handshake message prove. Source: the kernel's cookie_mac_state.</summary>
internal enum MacState : byte
{
    /// <summary>mac1 was not made for our public key.</summary>
    InvalidMac,

    /// <summary>mac1 is right; mac2 was not asked for, or is wrong.</summary>
    ValidMacNoCookie,

    /// <summary>Both are right, but the source prefix has spent its handshakes.</summary>
    ValidMacWithCookieButRateLimited,

    /// <summary>Both are right: the sender owns its address.</summary>
    ValidMacWithCookie,
}
