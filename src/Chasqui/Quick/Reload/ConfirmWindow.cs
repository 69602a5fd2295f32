using System.Globalization;

namespace Chasqui.Quick.Reload;

/// <summary>The time that a reload waits to be confirmed, and the words that end it.</summary>
/// <remarks>Pure: time and requests come from outside. A word that comes at the very end is too late.</remarks>
internal static class ConfirmWindow
{
    /// <summary>Keep it.</summary>
    internal const string Confirm = "confirm";

    /// <summary>Roll it back now.</summary>
    internal const string Refuse = "undo";

    /// <summary>Forget it: the interface goes.</summary>
    internal const string Overtake = "cancel";

    /// <summary>How many seconds are left?</summary>
    internal const string Left = "left";

    /// <summary>The answer to what is done.</summary>
    internal const string Done = "ok";

    private const string Unknown = "unknown";
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Waits for the end.</summary>
    /// <param name="deadline">When it is too late, in nanoseconds of the clock.</param>
    /// <param name="now">The clock.</param>
    /// <param name="next">Waits for the next request, or until the deadline: then, or when it is told to end, null.</param>
    internal static ConfirmOutcome Wait(long deadline, Func<long> now, Func<long, ConfirmRequest?> next)
    {
        while (next(deadline) is { } request)
        {
            long left = deadline - now();
            if (left <= 0)
            {
                break;
            }

            switch (request.Word)
            {
                case Confirm:
                    request.Reply(Done);
                    return ConfirmOutcome.Confirmed;
                case Refuse:
                    request.Reply(Done);
                    return ConfirmOutcome.Refused;
                case Overtake:
                    request.Reply(Done);
                    return ConfirmOutcome.Overtaken;
                case Left:
                    long seconds = (left + NanosecondsPerSecond - 1) / NanosecondsPerSecond;
                    request.Reply(seconds.ToString(CultureInfo.InvariantCulture));
                    break;
                default:
                    request.Reply(Unknown);
                    break;
            }
        }

        return ConfirmOutcome.Expired;
    }
}
