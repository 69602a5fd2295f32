using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests;

/// <summary>Keeps copies of what it is to guard, as it is at that moment.</summary>
internal sealed class CopyingGuard : ISecretGuard
{
    internal List<byte[]> Guarded { get; } = [];

    public void Guard(ReadOnlySpan<byte> secret) => Guarded.Add(secret.ToArray());
}
