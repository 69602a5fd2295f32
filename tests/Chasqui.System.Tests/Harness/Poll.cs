using System.Diagnostics;

namespace Chasqui.System.Tests.Harness;

/// <summary>Waits for a condition, looking every 50 ms, never longer than asked.</summary>
internal static class Poll
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private const int StepMilliseconds = 50;

    /// <summary>Fails the test if <paramref name="condition"/> does not come true.</summary>
    public static void Until(Func<bool> condition, string what) => Until(condition, what, DefaultTimeout);

    public static void Until(Func<bool> condition, string what, TimeSpan timeout) =>
        Assert.True(Try(condition, timeout), $"after {timeout.TotalSeconds} s: {what}");

    /// <returns>Whether the condition came true in time.</returns>
    public static bool Try(Func<bool> condition, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > timeout)
            {
                return false;
            }

            Thread.Sleep(StepMilliseconds);
        }

        return true;
    }
}
