namespace Chasqui.Core.Keys;

/// <summary>Keeps memory that holds a secret out of the swap and out of dumps, as far as the system lets it.</summary>
/// <remarks>
/// Threads: called from any, under locks of the tunnel. Never throws. The memory is pinned; it is zeroed by its owner, and nobody tells
/// the guard.
/// </remarks>
public interface ISecretGuard
{
    /// <summary>Guards the pages that <paramref name="secret"/> lies in; a page that is guarded already may come again.</summary>
    void Guard(ReadOnlySpan<byte> secret);
}
