namespace Chasqui.Linux.Tun;

/// <summary>What the kernel may leave to the reader of a TUN device.</summary>
/// <remarks>Source: TUN_F_*, linux/if_tun.h; the values are the kernel's.</remarks>
[Flags]
public enum TunOffloads
{
    /// <summary>Frames come one packet each, complete.</summary>
    None = 0,

    /// <summary>TCP and UDP checksums may be incomplete.</summary>
    Checksum = 0x01,

    /// <summary>TCP over IPv4 may come in super-packets.</summary>
    Tso4 = 0x02,

    /// <summary>TCP over IPv6 may come in super-packets.</summary>
    Tso6 = 0x04,

    /// <summary>TCP super-packets may carry CWR.</summary>
    TsoEcn = 0x08,

    /// <summary>UDP over IPv4 may come in super-packets; the kernel knows it only together with <see cref="Uso6"/>.</summary>
    Uso4 = 0x20,

    /// <summary>UDP over IPv6 may come in super-packets.</summary>
    Uso6 = 0x40,
}
