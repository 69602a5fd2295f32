using System.Runtime.InteropServices;

namespace Chasqui.Linux.Names;

/// <summary>How long the addresses of a host name are good, as its name server says.</summary>
/// <remarks>
/// getaddrinfo(3) keeps it to itself, so the question is asked again through the same resolver configuration. A name that comes from
/// /etc/hosts or another service has none. Threads: any; blocks for as long as the resolver takes. Source: resolver(3).
/// </remarks>
public static unsafe class NameTimeToLive
{
    private const int ClassInternet = 1;
    private const int TypeA = 1;
    private const int TypeAaaa = 28;

    // The longest message over UDP that today's resolvers ask for, and room for an answer over TCP. A longer one is cut, and tells nothing.
    private const int AnswerLength = 4096;

    /// <summary>Asks for the time to live of a name's addresses.</summary>
    /// <param name="host">The name.</param>
    /// <param name="isV6">Whether its IPv6 addresses are meant.</param>
    /// <returns>The time; null if nobody tells.</returns>
    public static TimeSpan? Find(string host, bool isV6)
    {
        ArgumentNullException.ThrowIfNull(host);
        nint search = FindSearch();
        if (search == 0)
            return null;

        byte[] answer = new byte[AnswerLength];
        nint name = Marshal.StringToCoTaskMemUTF8(host);
        try
        {
            int length;

            // SAFETY: the signature is resolv.h's; the name is zero-terminated and the buffer as long as it is told to be.
            fixed (byte* buffer = answer)
                length = ((delegate* unmanaged<byte*, int, int, byte*, int, int>)search)((byte*)name, ClassInternet, isV6 ? TypeAaaa : TypeA, buffer, AnswerLength);

            return length > 0 && DnsAnswer.TryReadTimeToLive(answer.AsSpan(0, Math.Min(length, AnswerLength)), out uint seconds)
                ? TimeSpan.FromSeconds(seconds)
                : null;
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    /// <summary>The resolver's function, or 0. It is searched for and not linked: glibc before 2.34 has it in a library of its own.</summary>
    private static nint FindSearch()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "res_search", out nint search))
            return search;

        return NativeLibrary.TryLoad("libresolv.so.2", out nint library) && NativeLibrary.TryGetExport(library, "__res_search", out search) ? search : 0;
    }
}
