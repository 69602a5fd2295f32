using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Chasqui.Linux;

/// <summary>The operating system refused something: which call, about what, and why.</summary>
/// <remarks>The message is made to be printed: <c>bind 0.0.0.0:51820: Address already in use (EADDRINUSE)</c>.</remarks>
public sealed class LinuxException : IOException
{
    /// <summary>Describes a refused call.</summary>
    /// <param name="syscall">The name of the call, as its manual page has it.</param>
    /// <param name="errno">The error number.</param>
    public LinuxException(string syscall, int errno)
        : this(syscall, "", errno)
    {
    }

    /// <summary>Describes a refused call about something that has a name.</summary>
    /// <param name="syscall">The name of the call, as its manual page has it.</param>
    /// <param name="subject">What it was about: a path, an address, an interface; empty if there is none.</param>
    /// <param name="errno">The error number.</param>
    public LinuxException(string syscall, string subject, int errno)
        : base($"{syscall}{(subject.Length == 0 ? "" : " ")}{subject}: {Describe(errno)}")
    {
        Syscall = syscall;
        Errno = errno;
    }

    /// <summary>The name of the call.</summary>
    public string Syscall { get; }

    /// <summary>The error number, one of <see cref="Linux.Errno"/> or another of errno(3).</summary>
    public int Errno { get; }

    /// <summary>An error number in words: <c>Address already in use (EADDRINUSE)</c>.</summary>
    public static string Describe(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} ({Linux.Errno.Name(errno)})";

    /// <summary>Throws what the last call of this thread left in errno.</summary>
    [DoesNotReturn]
    internal static void ThrowLast(string syscall, string subject = "") =>
        throw new LinuxException(syscall, subject, Marshal.GetLastPInvokeError());

    /// <summary>Passes a result on unless it is the -1 of a refused call.</summary>
    internal static int Check(int result, string syscall, string subject = "")
    {
        if (result < 0)
            ThrowLast(syscall, subject);
        return result;
    }
}
