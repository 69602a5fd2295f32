namespace Chasqui.Fuzz.Targets;

/// <summary>A stream that gives out its bytes in the pieces of <see cref="Chunks"/>.</summary>
internal sealed class PiecesStream(byte[] bytes, int way, byte[] cuts) : MemoryStream(bytes)
{
    private int _piece;

    public override int Read(byte[] buffer, int offset, int count)
    {
        int left = (int)(Length - Position);
        return left == 0 ? 0 : base.Read(buffer, offset, Math.Min(count, Chunks.Length(way, cuts, _piece++, left)));
    }
}
