namespace Chasqui.Control;

/// <summary>A daemon has refused what was asked through its control socket, or has not answered it as it must.</summary>
/// <remarks>The message is the daemon's own sentence, made to be printed.</remarks>
public sealed class ControlException : IOException
{
    /// <summary>Describes a refusal.</summary>
    /// <param name="code">The code of docs/control.md; empty if the answer is none.</param>
    /// <param name="message">The sentence.</param>
    /// <param name="errno">The kernel's error number; 0 if it was not the kernel.</param>
    public ControlException(string code, string message, int errno)
        : base(message)
    {
        Code = code;
        Errno = errno;
    }

    /// <summary>Why, for programs; empty if the answer is none.</summary>
    public string Code { get; }

    /// <summary>The kernel's error number; 0 if it was not the kernel.</summary>
    public int Errno { get; }
}
