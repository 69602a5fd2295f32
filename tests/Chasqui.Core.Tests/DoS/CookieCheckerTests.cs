using Chasqui.Core.DoS;
using Chasqui.Core.Wire;
using static Chasqui.Core.Tests.DoS.CookiePair;

namespace Chasqui.Core.Tests.DoS;

public sealed class CookieCheckerTests : IDisposable
{
    private readonly CookiePair _pair = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void AMessageWithoutACookieHasAValidMac()
    {
        byte[] message = _pair.Message();

        Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, Source, Start, checkCookie: false));
        Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, Source, Start, checkCookie: true));
        Assert.True(message.AsSpan(^16..).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void EveryBitUnderMac1Counts()
    {
        byte[] message = _pair.Message();
        for (int bit = 0; bit < (message.Length - 16) * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Equal(MacState.InvalidMac, _pair.Check(message, Source, Start, checkCookie: false));

            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void AMacForAnotherKeyIsInvalid()
    {
        byte[] message = _pair.Message();
        _pair.Checker.SetPublicKey(Key(8));
        Assert.Equal(MacState.InvalidMac, _pair.Check(message, Source, Start, checkCookie: false));

        _pair.Checker.SetPublicKey(Key(7));
        Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, Source, Start, checkCookie: false));
    }

    [Fact]
    public void WithoutAKeyNothingIsValid()
    {
        _pair.Checker.SetPublicKey(default);
        byte[] message = new byte[InitiationView.Length];
        using var jar = new CookieJar(default);
        jar.AddMacs(message, Start);

        Assert.Equal(MacState.InvalidMac, _pair.Check(message, Source, Start, checkCookie: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACookieProvesItsSource(bool isV6)
    {
        IpEndpoint source = isV6 ? SourceV6 : Source;
        _pair.ObtainCookie(source, Start);
        byte[] message = _pair.Message(Start);

        Assert.Equal(MacState.ValidMacWithCookie, _pair.Check(message, source, Start, checkCookie: true));
        Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, source, Start, checkCookie: false));
    }

    [Fact]
    public void NoNonceComesTwice()
    {
        byte[] message = _pair.Message();
        var nonces = new HashSet<string>();
        for (int i = 0; i < 300; i++)
        {
            Assert.True(CookieReplyView.TryRead(_pair.Reply(message, Source, Start), out CookieReplyView reply));
            Assert.True(nonces.Add(Convert.ToHexString(reply.Nonce)), $"reply {i}");
        }
    }

    [Fact]
    public void AReplyHasTheCookieOfItsOwnSourceWhoeverWasCheckedBefore()
    {
        IpEndpoint stranger = Source with { Port = 1 };
        byte[] message = _pair.Message();
        Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, Source, Start, checkCookie: true));
        _ = _pair.Reply(message, Source, Start);
        Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, stranger, Start, checkCookie: true));

        Assert.True(_pair.Consume(_pair.Reply(message, Source, Start), Start));

        Assert.Equal(MacState.ValidMacWithCookie, _pair.Check(_pair.Message(Start), Source, Start, checkCookie: true));
    }

    [Fact]
    public void AReplyLongAfterTheCheckHasACookieOfItsOwnTime()
    {
        byte[] message = _pair.Message();
        Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, Source, Start, checkCookie: true));
        Instant late = Start + ProtocolConstants.CookieSecretLife;
        Assert.Equal(MacState.InvalidMac, _pair.Check(new byte[message.Length], Source, late, checkCookie: true));

        Assert.True(_pair.Consume(_pair.Reply(message, Source, late), late));

        Assert.Equal(MacState.ValidMacWithCookie, _pair.Check(_pair.Message(late), Source, late, checkCookie: true));
    }

    [Fact]
    public void AnotherPortOrAddressNeedsAnotherCookie()
    {
        _pair.ObtainCookie(Source, Start);
        byte[] message = _pair.Message(Start);
        IpEndpoint[] others =
        [
            Source with { Port = 51821 },
            Source with { Port = 51820 ^ 0x100 },
            Source with { Address = IpAddress.V4(0x0a000002) },
            SourceV6,
        ];
        foreach (IpEndpoint other in others)
        {
            Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, other, Start, checkCookie: true));
        }
    }

    [Fact]
    public void EveryBitOfMac2Counts()
    {
        _pair.ObtainCookie(Source, Start);
        byte[] message = _pair.Message(Start);
        for (int bit = 0; bit < 128; bit++)
        {
            message[message.Length - 16 + (bit / 8)] ^= (byte)(1 << (bit % 8));

            Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(message, Source, Start, checkCookie: true));

            message[message.Length - 16 + (bit / 8)] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(119_999_999_999, true)]
    [InlineData(120_000_000_000, false)]
    public void TheSecretLivesTwoMinutes(long age, bool isValid)
    {
        _pair.ObtainCookie(Source, Start);
        byte[] message = _pair.Message(Start);

        MacState state = _pair.Check(message, Source, new Instant(Start.Nanoseconds + age), checkCookie: true);

        Assert.Equal(isValid ? MacState.ValidMacWithCookie : MacState.ValidMacNoCookie, state);
    }

    [Fact]
    public void ProvedSourcesAreLimited()
    {
        _pair.ObtainCookie(Source, Start);
        byte[] message = _pair.Message(Start);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(MacState.ValidMacWithCookie, _pair.Check(message, Source, Start, checkCookie: true));
        }

        Assert.Equal(MacState.ValidMacWithCookieButRateLimited, _pair.Check(message, Source, Start, checkCookie: true));
        Assert.Equal(
            MacState.ValidMacWithCookie,
            _pair.Check(message, Source, Start + TimeSpan.FromMilliseconds(50), checkCookie: true));
    }

    [Fact]
    public void WhenTheLoadIsOverTheLimitersMemoryIsGivenBack()
    {
        _pair.ObtainCookie(Source, Start);
        byte[] message = _pair.Message(Start);
        Assert.Equal(MacState.ValidMacWithCookie, _pair.Check(message, Source, Start, checkCookie: true));
        Assert.Equal(1, _pair.Limiter.Count);

        _pair.Check(message, Source, Start + TimeSpan.FromSeconds(2), checkCookie: false);

        Assert.Equal(0, _pair.Limiter.Count);
        Assert.Equal(0, _pair.Limiter.Capacity);
    }

    [Fact]
    public void ASpoofedSourceTakesNobodysTokens()
    {
        _pair.ObtainCookie(Source, Start);
        byte[] spoofed = _pair.Message(Start);
        spoofed[^1] ^= 1;
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(MacState.ValidMacNoCookie, _pair.Check(spoofed, Source, Start, checkCookie: true));
        }

        Assert.Equal(MacState.ValidMacWithCookie, _pair.Check(_pair.Message(Start), Source, Start, checkCookie: true));
    }

    [Theory]
    [InlineData(InitiationView.Length)]
    [InlineData(ResponseView.Length)]
    public void AReplyNamesTheSenderOfWhatItAnswers(int length)
    {
        byte[] message = new byte[length];
        message[4] = 0x44;
        message[7] = 0x11;
        _pair.Jar.AddMacs(message, Start);
        byte[] reply = new byte[CookieReplyView.Length];

        _pair.Checker.WriteCookieReply(message, Source, Start, _pair.Entropy, reply);

        Assert.True(CookieReplyView.TryRead(reply, out CookieReplyView view));
        Assert.Equal(new SessionIndex(0x11000044), view.Receiver);
        Assert.True(_pair.Jar.TryConsume(view, Start));
    }

    [Fact]
    public void TheNonceIsFreshEachTime()
    {
        byte[] message = _pair.Message(Start);
        byte[] first = _pair.Reply(message, Source, Start), second = _pair.Reply(message, Source, Start);

        Assert.False(first.AsSpan(8, 24).SequenceEqual(second.AsSpan(8, 24)));
    }

    /// <summary>Made with another BLAKE2s: public key 32 x 07, message 5a, secret 32 x 11, source port 51820.</summary>
    [Theory]
    [InlineData("10.0.0.1", "b4eafccf002719a8fd732a0fd839a13b")]
    [InlineData("fd00::1", "1262bb7563322e7c3c094c41098e85f9")]
    public void AgreesWithKnownMacs(string source, string mac2)
    {
        Assert.True(IpAddress.TryParse(source, out IpAddress address));
        byte[] message = _pair.Message();
        Convert.FromHexString(mac2).CopyTo(message, message.Length - 16);

        MacState state = _pair.Checker.Check(
            message, new IpEndpoint(address, 51820), Start, checkCookie: true, new ConstantEntropy());

        Assert.Equal("2d91b123e9368f4855a030a5c476f5e5", Convert.ToHexStringLower(message.AsSpan(^32..^16)));
        Assert.Equal(MacState.ValidMacWithCookie, state);
    }

    private sealed class ConstantEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) => destination.Fill(0x11);
    }
}
