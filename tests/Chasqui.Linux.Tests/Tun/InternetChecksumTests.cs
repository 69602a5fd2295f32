using System.Buffers.Binary;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

public class InternetChecksumTests
{
    private const int Longest = 2100;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SumsEveryLengthAsRfc1071Does(int offset)
    {
        byte[] data = TunPackets.RandomBytes(new Random(1071), Longest + offset);

        for (int length = 0; length <= Longest; length++)
        {
            ReadOnlySpan<byte> piece = data.AsSpan(offset, length);
            ushort expected = NaiveChecksum.Sum(piece);

            Assert.True(expected == NetworkOrder(InternetChecksum.Sum(piece)), $"Sum of {length} bytes at {offset}");
            Assert.True(expected == NetworkOrder(InternetChecksum.SumScalar(piece)), $"SumScalar of {length} bytes at {offset}");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    public void CopiesWhatItSums(int from, int to)
    {
        byte[] data = TunPackets.RandomBytes(new Random(1), Longest + from);
        byte[] copy = new byte[Longest + to + 1];

        for (int length = 0; length <= Longest; length++)
        {
            copy.AsSpan().Fill(0xA5);
            ReadOnlySpan<byte> piece = data.AsSpan(from, length);
            ulong sum = InternetChecksum.CopyAndSum(piece, copy.AsSpan(to));

            Assert.True(InternetChecksum.Sum(piece) == sum, $"sum of {length} bytes");
            Assert.True(piece.SequenceEqual(copy.AsSpan(to, length)), $"copy of {length} bytes");
            Assert.Equal(0xA5, copy[to + length]);
        }
    }

    [Fact]
    public void SumsOnesWithoutLosingACarry()
    {
        byte[] ones = new byte[65535];
        ones.AsSpan().Fill(0xFF);

        Assert.Equal(NaiveChecksum.Sum(ones), NetworkOrder(InternetChecksum.Sum(ones)));
        Assert.Equal(NaiveChecksum.Sum(ones), NetworkOrder(InternetChecksum.SumScalar(ones)));
        Assert.Equal(NaiveChecksum.Sum(ones), NetworkOrder(InternetChecksum.CopyAndSum(ones, new byte[65535])));
    }

    [Fact]
    public void CombinesPiecesCutAnywhere()
    {
        byte[] data = TunPackets.RandomBytes(new Random(2), 301);
        ushort expected = NaiveChecksum.Sum(data);

        for (int cut = 0; cut <= data.Length; cut++)
        {
            ulong sum = InternetChecksum.Combine(InternetChecksum.Sum(data.AsSpan(0, cut)), cut, InternetChecksum.Sum(data.AsSpan(cut)));

            Assert.True(expected == NetworkOrder(sum), $"cut at {cut}");
        }
    }

    [Fact]
    public void FoldsTheLargestSum() => Assert.Equal(0xFFFF, InternetChecksum.Fold(ulong.MaxValue));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SumsPseudoHeaders(bool isV6)
    {
        byte[] packet = new TunPackets { IsV6 = isV6 }.Packet(new byte[65000]);
        ReadOnlySpan<byte> addresses = isV6 ? packet.AsSpan(8, 32) : packet.AsSpan(12, 8);

        ulong sum = InternetChecksum.PseudoHeader(addresses, 6, packet.Length - (isV6 ? 40 : 20));

        Assert.Equal(NaiveChecksum.Pseudo(packet, 6), NetworkOrder(sum));
    }

    [Fact]
    public void StoresZeroAsAllOnesOnlyWhereAsked()
    {
        byte[] field = new byte[2];

        InternetChecksum.Store(field, 0xFFFF);
        Assert.Equal([0, 0], field);

        InternetChecksum.StoreNonZero(field, 0xFFFF);
        Assert.Equal([0xFF, 0xFF], field);
    }

    [Fact]
    public void RecognisesAWrongChecksum()
    {
        byte[] header = new TunPackets().Packet([]).AsSpan(0, 20).ToArray();
        Assert.True(InternetChecksum.IsValid(InternetChecksum.Sum(header)));

        header[8]++;

        Assert.False(InternetChecksum.IsValid(InternetChecksum.Sum(header)));
    }

    private static ushort NetworkOrder(ulong sum)
    {
        ushort folded = InternetChecksum.Fold(sum);
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded;
    }
}
