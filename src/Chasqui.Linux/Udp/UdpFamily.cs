namespace Chasqui.Linux.Udp;

/// <summary>The address family of a socket. There are no mixed ones.</summary>
public enum UdpFamily
{
    /// <summary>IPv4.</summary>
    V4,

    /// <summary>IPv6 only.</summary>
    V6,
}
