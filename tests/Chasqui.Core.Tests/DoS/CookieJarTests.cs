using Chasqui.Core.DoS;
using Chasqui.Core.Wire;
using static Chasqui.Core.Tests.DoS.CookiePair;

namespace Chasqui.Core.Tests.DoS;

public sealed class CookieJarTests : IDisposable
{
    private readonly CookiePair _pair = new();

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData(114_999_999_999, true)]
    [InlineData(115_000_000_000, false)]
    public void ACookieIsUsedUntilItsLastFiveSeconds(long age, bool isUsed)
    {
        _pair.ObtainCookie(Source, Start);

        Instant later = new(Start.Nanoseconds + age);
        byte[] message = _pair.Message(later);

        Assert.Equal(isUsed, message.AsSpan(^16..).IndexOfAnyExcept((byte)0) >= 0);
        Assert.Equal(isUsed, _pair.Jar.HasCookie(later));
    }

    [Fact]
    public void AForgedReplyChangesNothing()
    {
        byte[] genuine = _pair.Reply(_pair.Message(Start), Source, Start);
        for (int bit = 8 * 8; bit < genuine.Length * 8; bit++)
        {
            byte[] forged = [.. genuine];
            forged[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(_pair.Consume(forged, Start));
            Assert.True(_pair.Jar.AwaitsReply);
            Assert.False(_pair.Jar.HasCookie(Start));
        }

        Assert.True(_pair.Consume(genuine, Start));
        Assert.True(_pair.Jar.HasCookie(Start));
    }

    [Fact]
    public void AForgedReplyDoesNotHurtACookieThatIsHeld()
    {
        _pair.ObtainCookie(Source, Start);
        byte[] forged = _pair.Reply(_pair.Message(Start), Source, Start);
        forged[^1] ^= 1;

        Assert.False(_pair.Consume(forged, Start));

        Assert.Equal(MacState.ValidMacWithCookie, _pair.Check(_pair.Message(Start), Source, Start, checkCookie: true));
    }

    [Fact]
    public void AReplyIsTakenOnce()
    {
        byte[] reply = _pair.Reply(_pair.Message(Start), Source, Start);

        Assert.True(_pair.Consume(reply, Start));
        Assert.False(_pair.Jar.AwaitsReply);
        Assert.False(_pair.Consume(reply, Start));
    }

    [Fact]
    public void AReplyToNothingIsNotTaken()
    {
        byte[] message = _pair.Message(Start);
        byte[] reply = _pair.Reply(message, Source, Start);
        using var other = new CookieJar(Key(7));

        Assert.True(CookieReplyView.TryRead(reply, out CookieReplyView view));
        Assert.False(other.TryConsume(view, Start));
    }

    [Fact]
    public void AReplyToAnEarlierMessageIsNotTaken()
    {
        byte[] reply = _pair.Reply(_pair.Message(Start, fill: 1), Source, Start);
        _ = _pair.Message(Start, fill: 2);

        Assert.False(_pair.Consume(reply, Start));
        Assert.True(_pair.Jar.AwaitsReply);
    }

    [Fact]
    public void ADisposedJarHoldsNoCookie()
    {
        _pair.ObtainCookie(Source, Start);

        _pair.Jar.Dispose();

        Assert.False(_pair.Jar.HasCookie(Start));
    }
}
