using Chasqui.Core.Keys;
using Chasqui.Linux.Hardening;

namespace Chasqui.Device;

/// <summary>Locks the pages that keys lie in, and keeps them out of dumps.</summary>
/// <remarks>
/// Pages stay locked: the collector's pinned objects lie close together, and those that come later are keys again. What does not fit into the limit
/// of locked memory stays unlocked, and is told of once.
/// </remarks>
internal sealed class SecretPages : ISecretGuard
{
    private int _errno;

    /// <summary>Called once, with the first reason; from whatever thread, under locks.</summary>
    internal Action<int>? Failed { get; set; }

    /// <inheritdoc/>
    public void Guard(ReadOnlySpan<byte> secret)
    {
        int errno = ProcessMemory.Keep(secret);
        if (errno != 0 && Interlocked.CompareExchange(ref _errno, errno, 0) == 0)
        {
            Failed?.Invoke(errno);
        }
    }
}
