using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Names;

/// <summary>What came of looking a name up.</summary>
/// <param name="Addresses">The addresses in the resolver's order, best first; empty if it failed.</param>
/// <param name="Code">0 for success, else one of getaddrinfo(3)'s EAI_ numbers.</param>
/// <param name="Errno">The error number behind EAI_SYSTEM.</param>
public sealed record LookupResult(IReadOnlyList<UdpAddress> Addresses, int Code, int Errno)
{
    /// <summary>The answer to what cannot be a name.</summary>
    public static LookupResult NoSuchName { get; } = new([], Libc.EAI_NONAME, 0);

    /// <summary>Whether there is an answer.</summary>
    public bool IsFound => Code == 0;

    /// <summary>Whether asking again later is of no use: the name does not exist, has no address, or its server is broken for good.</summary>
    public bool IsPermanent => Code is Libc.EAI_NONAME or Libc.EAI_FAIL or Libc.EAI_NODATA;

    /// <summary>The failure in the C library's words: <c>Name or service not known</c>.</summary>
    public unsafe string Message => Code == Libc.EAI_SYSTEM
        ? Marshal.GetPInvokeErrorMessage(Errno)
        : Marshal.PtrToStringUTF8((nint)Libc.gai_strerror(Code)) ?? "";
}
