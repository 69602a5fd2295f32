using Chasqui.Linux.Interop;

namespace Chasqui.Linux;

/// <summary>What a descriptor is waited for, and what it turned out to be ready for. Source: poll(2).</summary>
[Flags]
public enum PollEvents
{
    /// <summary>Nothing; still reports the last three.</summary>
    None = 0,

    /// <summary>There is something to read, or the other end has gone.</summary>
    Read = Libc.POLLIN,

    /// <summary>There is room to write.</summary>
    Write = Libc.POLLOUT,

    /// <summary>An error waits to be fetched. Never asked for, always reported.</summary>
    Error = Libc.POLLERR,

    /// <summary>The other end hung up, or the device is gone. Never asked for, always reported.</summary>
    HangUp = Libc.POLLHUP,

    /// <summary>The descriptor is not open. Never asked for, always reported.</summary>
    Invalid = Libc.POLLNVAL,
}
