namespace Chasqui.Core.Uapi;

/// <summary>The numbers that <c>errno=</c> carries: Linux's, negative, as wireguard-go sends them.</summary>
/// <remarks>
/// Stock <c>wg</c> prints the right text for a negative number after <c>set=1</c>, and "Unknown error" for a positive one; after
/// <c>get=1</c> it takes a negative number for a broken protocol. Source: wireguard-go ipc/uapi_unix.go; wireguard-tools ipc-uapi.h.
/// </remarks>
public static class UapiError
{
    /// <summary>Success.</summary>
    public const int None = 0;

    /// <summary>EIO: a line is longer than <see cref="UapiReader.MaxLineLength"/>, or the device could not be read.</summary>
    public const int Io = -5;

    /// <summary>ENOMEM: there are more peers or prefixes than the device can hold.</summary>
    public const int NoMemory = -12;

    /// <summary>EBUSY: the keys of handshakes are given to another.</summary>
    public const int Busy = -16;

    /// <summary>EINVAL: an unknown key, or a value that its key does not take.</summary>
    public const int Invalid = -22;

    /// <summary>ENOANO, wireguard-go's "unknown": an error inside the device.</summary>
    public const int Unknown = -55;

    /// <summary>EPROTO: neither <c>set=1</c> nor <c>get=1</c>, or a line without '='.</summary>
    public const int Protocol = -71;

    /// <summary>EMSGSIZE: an operation is longer than the reader's limit.</summary>
    public const int TooLong = -90;

    /// <summary>ETIMEDOUT: the time for which keys are given is over.</summary>
    public const int TimedOut = -110;

    /// <summary>EADDRINUSE: the listen port is taken, or the mark cannot be set.</summary>
    public const int AddressInUse = -98;
}
