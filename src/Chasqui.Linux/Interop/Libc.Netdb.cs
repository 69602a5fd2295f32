using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: netdb.h.</content>
internal static unsafe partial class Libc
{
    internal const int AI_PASSIVE = 0x1;

    internal const int EAI_NONAME = -2;
    internal const int EAI_FAIL = -4;
    internal const int EAI_NODATA = -5;
    internal const int EAI_SYSTEM = -11;

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int getaddrinfo(string? host, string? service, addrinfo* hints, addrinfo** result);

    [LibraryImport(Name)]
    internal static partial void freeaddrinfo(addrinfo* result);

    [LibraryImport(Name)]
    internal static partial byte* gai_strerror(int code);

    [StructLayout(LayoutKind.Sequential)]
    internal struct addrinfo
    {
        internal int ai_flags;
        internal int ai_family;
        internal int ai_socktype;
        internal int ai_protocol;
        internal uint ai_addrlen;
        internal byte* ai_addr;
        internal byte* ai_canonname;
        internal addrinfo* ai_next;
    }
}
