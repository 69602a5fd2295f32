using System.Runtime.CompilerServices;

namespace Chasqui.Core.Timers;

/// <summary>One peer's deadlines, one for each <see cref="TimerKind"/>.</summary>
/// <remarks>A stopped timer is <see cref="Instant.Never"/>. 48 bytes; setting and clearing are one store.</remarks>
internal struct DeadlineTable
{
    private const int Count = (int)TimerKind.PersistentKeepalive + 1;

    private Deadlines _deadlines;

    /// <summary>A table in which every timer is stopped.</summary>
    internal static DeadlineTable Stopped()
    {
        var table = default(DeadlineTable);
        table.StopAll();
        return table;
    }

    /// <summary>The earliest deadline, or <see cref="Instant.Never"/>.</summary>
    internal readonly Instant Earliest
    {
        get
        {
            Instant earliest = Instant.Never;
            foreach (Instant deadline in _deadlines)
            {
                earliest = deadline < earliest ? deadline : earliest;
            }

            return earliest;
        }
    }

    /// <summary>Whether the timer runs.</summary>
    internal readonly bool IsPending(TimerKind kind) => _deadlines[(int)kind] != Instant.Never;

    /// <summary>Starts the timer, or moves it.</summary>
    internal void Set(TimerKind kind, Instant deadline) => _deadlines[(int)kind] = deadline;

    /// <summary>Stops the timer.</summary>
    internal void Stop(TimerKind kind) => _deadlines[(int)kind] = Instant.Never;

    /// <summary>Stops every timer.</summary>
    internal void StopAll()
    {
        for (int i = 0; i < Count; i++)
        {
            _deadlines[i] = Instant.Never;
        }
    }

    /// <summary>Stops the timer if its deadline has passed, and says so.</summary>
    internal bool TryTake(TimerKind kind, Instant now)
    {
        if (_deadlines[(int)kind] > now)
        {
            return false;
        }

        Stop(kind);
        return true;
    }

    [InlineArray(Count)]
    private struct Deadlines
    {
        private Instant _first;
    }
}
