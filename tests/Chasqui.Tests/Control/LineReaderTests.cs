using System.Text;
using Chasqui.Control;

namespace Chasqui.Tests.Control;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1 << 16)]
    public void CutsLinesWhateverPiecesTheyComeIn(int piece)
    {
        string longLine = new('x', 10_000);
        var reader = new LineReader(new Pieces($"one\n\n{longLine}\nunfinished", piece), longLine.Length);

        Assert.Equal("one", Next(reader));
        Assert.Equal("", Next(reader));
        Assert.Equal(longLine, Next(reader));
        Assert.Null(Next(reader));
        Assert.False(reader.IsTooLong);
    }

    [Theory]
    [InlineData(5000, true)]
    [InlineData(4999, false)]
    public void ALineThatIsTooLongIsTheEnd(int limit, bool isRead)
    {
        var reader = new LineReader(new Pieces(new string('x', 5000) + "\nnext\n", 777), limit);

        Assert.Equal(isRead, Next(reader) is not null);
        Assert.Equal(!isRead, reader.IsTooLong);
    }

    /// <summary>Found by the fuzz target controlrequest: the first buffer was larger than the limit.</summary>
    [Fact]
    public void AShortLimitIsOneToo()
    {
        var reader = new LineReader(new Pieces("four\nfive5\n", 100), maxLength: 4);

        Assert.Equal("four", Next(reader));
        Assert.Null(Next(reader));
        Assert.True(reader.IsTooLong);
    }

    private static string? Next(LineReader reader) =>
        reader.TryRead(out ReadOnlyMemory<byte> line) ? Encoding.UTF8.GetString(line.Span) : null;

    /// <summary>Gives out a few bytes at a time.</summary>
    private sealed class Pieces(string text, int piece) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
