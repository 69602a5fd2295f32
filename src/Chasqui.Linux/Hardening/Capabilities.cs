using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Hardening;

/// <summary>What a process may do beyond what its user may. Source: capabilities(7).</summary>
[Flags]
public enum Capabilities : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To listen on ports below 1024.</summary>
    NetBindService = 1UL << Libc.CAP_NET_BIND_SERVICE,

    /// <summary>To change interfaces and routes, to mark packets, to exceed the limits of socket buffers.</summary>
    NetAdmin = 1UL << Libc.CAP_NET_ADMIN,
}
