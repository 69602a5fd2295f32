namespace Chasqui.Core.Tests.Noise;

/// <summary>Entropy that a test has laid out beforehand, so that ephemeral keys and indices are known.</summary>
internal sealed class QueuedEntropy : IEntropy
{
    private readonly Queue<byte[]> _values = new();

    /// <summary>Lays out what the next call of this length is given.</summary>
    internal void Add(byte[] value) => _values.Enqueue(value);

    public void Fill(Span<byte> destination)
    {
        byte[] value = _values.Dequeue();
        Assert.Equal(value.Length, destination.Length);
        value.CopyTo(destination);
    }
}
