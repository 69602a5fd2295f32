using Chasqui.Core.Diagnostics;
using Chasqui.Linux;

namespace Chasqui.Device;

/// <summary>Wakes whoever waits for events of a journal: each reads on at its own pace, and none holds up who has added one.</summary>
/// <remarks>Threads: any. The gate is a leaf, and is taken only for events that are told, of which there are few a second.</remarks>
internal sealed class EventSignals
{
    // Guards _waiting, so that no flag is set after it was removed and closed.
    private readonly Lock _gate = new();
    private readonly List<EventFd> _waiting = [];

    /// <summary>Becomes the journal's listener.</summary>
    internal EventSignals(EventJournal journal) => journal.Listener = SetAll;

    /// <summary>Sets a flag at each event from here on.</summary>
    internal void Add(EventFd flag)
    {
        lock (_gate)
        {
            _waiting.Add(flag);
        }
    }

    /// <summary>Leaves a flag alone from here on: it may be closed.</summary>
    internal void Remove(EventFd flag)
    {
        lock (_gate)
        {
            _ = _waiting.Remove(flag);
        }
    }

    private void SetAll()
    {
        lock (_gate)
        {
            foreach (EventFd flag in _waiting)
            {
                flag.Set();
            }
        }
    }
}
