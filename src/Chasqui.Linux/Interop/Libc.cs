namespace Chasqui.Linux.Interop;

/// <summary>The C library, one file a header, under the C names. Signatures and layouts only: no logic.</summary>
internal static partial class Libc
{
    private const string Name = "libc";
}
