using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class DatagramTests
{
    [Theory]
    [InlineData(1, 148, MessageType.Initiation)]
    [InlineData(1, 147, MessageType.Invalid)]
    [InlineData(1, 149, MessageType.Invalid)]
    [InlineData(2, 92, MessageType.Response)]
    [InlineData(2, 91, MessageType.Invalid)]
    [InlineData(2, 93, MessageType.Invalid)]
    [InlineData(3, 64, MessageType.CookieReply)]
    [InlineData(3, 63, MessageType.Invalid)]
    [InlineData(3, 65, MessageType.Invalid)]
    [InlineData(4, 32, MessageType.Transport)]
    [InlineData(4, 31, MessageType.Invalid)]
    [InlineData(4, 33, MessageType.Transport)]
    [InlineData(4, 65507, MessageType.Transport)]
    [InlineData(0, 148, MessageType.Invalid)]
    [InlineData(5, 148, MessageType.Invalid)]
    [InlineData(255, 32, MessageType.Invalid)]
    public void NamesTheMessageByTypeAndLength(byte type, int length, MessageType expected)
    {
        byte[] datagram = new byte[length];
        datagram[0] = type;

        Assert.Equal(expected, Datagram.Classify(datagram));
    }

    [Fact]
    public void RefusesReservedBytesThatAreNotZero()
    {
        (byte Type, int Length)[] messages = [(1, 148), (2, 92), (3, 64), (4, 32)];
        foreach ((byte type, int length) in messages)
        {
            for (int bit = 8; bit < 32; bit++)
            {
                byte[] datagram = new byte[length];
                datagram[0] = type;
                datagram[bit / 8] |= (byte)(1 << (bit % 8));

                Assert.Equal(MessageType.Invalid, Datagram.Classify(datagram));
            }
        }
    }

    [Fact]
    public void RefusesWhatIsTooShortForAType()
    {
        for (int length = 0; length < 32; length++)
        {
            byte[] datagram = new byte[length];
            datagram.AsSpan(0, Math.Min(1, length)).Fill(4);

            Assert.Equal(MessageType.Invalid, Datagram.Classify(datagram));
        }
    }

    [Fact]
    public void EveryViewReadsExactlyWhatIsClassifiedAsItsOwn()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            int[] lengths = [random.Next(0, 200), 148, 92, 64, 32];
            byte[] datagram = new byte[lengths[random.Next(lengths.Length)]];
            random.NextBytes(datagram);
            if (datagram.Length >= 4)
            {
                datagram[0] = (byte)random.Next(0, 6);
                datagram.AsSpan(1, 3).Fill((byte)(random.Next(8) == 0 ? 1 : 0));
            }

            MessageType type = Datagram.Classify(datagram);

            Assert.Equal(type == MessageType.Initiation, InitiationView.TryRead(datagram, out _));
            Assert.Equal(type == MessageType.Response, ResponseView.TryRead(datagram, out _));
            Assert.Equal(type == MessageType.CookieReply, CookieReplyView.TryRead(datagram, out _));
            Assert.Equal(type == MessageType.Transport, TransportView.TryRead(datagram, out _));
        }
    }
}
