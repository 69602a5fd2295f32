namespace Chasqui.Quick;

/// <summary>Steps that are done in order; when one fails, those before it are undone in reverse.</summary>
/// <remarks>
/// Each step is told before it is done, in the words of the command that would do the same: <c>[#] ip link set mtu 1420 up dev wg0</c>.
/// What a later step takes away with it, such as the addresses of an interface that is deleted, needs no undoing of its own.
/// Threads: one.
/// </remarks>
internal sealed class QuickTransaction
{
    private readonly TextWriter _log;
    private readonly Action<string>? _beforeStep;
    private readonly Stack<Undoing> _undoings = new();

    /// <summary>Begins without any step.</summary>
    /// <param name="log">Where the steps are told.</param>
    /// <param name="beforeStep">Called with each step's words before it is done; what it throws is that step's failure. Null for none.</param>
    internal QuickTransaction(TextWriter log, Action<string>? beforeStep)
    {
        _log = log;
        _beforeStep = beforeStep;
    }

    /// <summary>Does a step that needs no undoing of its own.</summary>
    /// <param name="words">The command that would do the same.</param>
    /// <param name="remedy">What a person can do if it fails: a sentence.</param>
    /// <param name="action">What is done.</param>
    /// <exception cref="QuickException">It failed; all before it has been undone.</exception>
    internal void Do(string words, string remedy, Action action) => Do(words, remedy, action, null, null);

    /// <summary>Does a step.</summary>
    /// <param name="words">The command that would do the same.</param>
    /// <param name="remedy">What a person can do if it fails: a sentence.</param>
    /// <param name="action">What is done.</param>
    /// <param name="undoWords">The command that would undo it, or null.</param>
    /// <param name="undo">What undoes it, or null.</param>
    /// <exception cref="QuickException">It failed; all before it has been undone.</exception>
    internal void Do(string words, string remedy, Action action, string? undoWords, Action? undo)
    {
        Tell($"[#] {words}");
        try
        {
            _beforeStep?.Invoke(words);
            action();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or UnauthorizedAccessException)
        {
            throw Failure(words, remedy, exception);
        }

        if (undo is not null)
        {
            _undoings.Push(new Undoing(undoWords ?? $"undo: {words}", undo));
        }
    }

    /// <summary>Does a step that can be undone.</summary>
    /// <exception cref="QuickException">It failed; all before it has been undone.</exception>
    internal void Do(QuickStep step) => Do(step.Words, step.Remedy, step.Action, step.UndoWords, step.Undo);

    /// <summary>Asks for what a step needs to know; a failure undoes the steps, as that of a step does.</summary>
    internal T Ask<T>(string question, Func<T> answer)
    {
        try
        {
            return answer();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(question, "", exception);
        }
    }

    /// <summary>Undoes all steps, the last one first.</summary>
    /// <returns>Whether everything could be undone.</returns>
    internal bool RollBack()
    {
        bool isWhole = true;
        while (_undoings.TryPop(out Undoing undoing))
        {
            Tell($"[#] {undoing.Words}");
            try
            {
                undoing.Action();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Tell($"[!] {undoing.Words}: {exception.Message}");
                isWhole = false;
            }
        }

        return isWhole;
    }

    private QuickException Failure(string words, string remedy, Exception cause)
    {
        string reason = cause is OperationCanceledException ? "interrupted" : cause.Message.TrimEnd('.');
        string advice = remedy.Length == 0 ? "" : $" {remedy}";
        string rest = RollBack() ? "What was done before it is undone." : "Not all that was done before it could be undone; see above.";
        return new QuickException($"`{FirstLine(words)}' failed: {reason}.{advice} {rest}", cause);
    }

    /// <summary>A terminal that has gone away takes no lines; that is no reason to stop half way.</summary>
    private void Tell(string line)
    {
        try
        {
            _log.WriteLine(line);
        }
        catch (IOException)
        {
            // EIO or EPIPE: nobody reads any more.
        }
    }

    private static string FirstLine(string words)
    {
        int end = words.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? words : $"{words[..end].TrimEnd('\\', ' ')} ...";
    }

    private readonly record struct Undoing(string Words, Action Action);
}
