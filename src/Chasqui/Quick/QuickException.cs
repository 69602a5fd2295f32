namespace Chasqui.Quick;

/// <summary>An interface could not be brought up or down: which step, why, and what to do, in one sentence for a person.</summary>
public sealed class QuickException : IOException
{
    /// <summary>Makes an exception with its sentence.</summary>
    public QuickException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its sentence and what caused it.</summary>
    public QuickException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
