using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.DoS;

/// <summary>Both sides of the cookies, against each other.</summary>
internal sealed class CookiePair : IDisposable
{
    internal static readonly Instant Start = new(1_000_000_000_000);
    internal static readonly IpEndpoint Source = new(IpAddress.V4(0x0a000001), 51820);
    internal static readonly IpEndpoint SourceV6 = new(IpAddress.V6(0xfd00_0000_0000_0000, 1), 51820);

    internal CookiePair()
    {
        Limiter = new HandshakeLimiter(Entropy);
        Checker = new CookieChecker(Key(7), Limiter);
    }

    internal HandshakeLimiter Limiter { get; }

    internal SeededEntropy Entropy { get; } = new(1);

    internal CookieChecker Checker { get; }

    internal CookieJar Jar { get; } = new(Key(7));

    public void Dispose()
    {
        Checker.Dispose();
        Jar.Dispose();
    }

    internal static PublicKey Key(byte fill)
    {
        byte[] bytes = new byte[32];
        Array.Fill(bytes, fill);
        return new PublicKey(bytes);
    }

    internal byte[] Message() => Message(Start);

    internal byte[] Message(Instant now) => Message(now, fill: 0x5a);

    internal byte[] Message(Instant now, byte fill)
    {
        byte[] message = new byte[InitiationView.Length];
        Array.Fill(message, fill);
        Jar.AddMacs(message, now);
        return message;
    }

    internal MacState Check(byte[] message, IpEndpoint source, Instant now, bool checkCookie) =>
        Checker.Check(message, source, now, checkCookie, Entropy);

    internal byte[] Reply(byte[] message, IpEndpoint source, Instant now)
    {
        byte[] reply = new byte[CookieReplyView.Length];
        Checker.WriteCookieReply(message, source, now, Entropy, reply);
        return reply;
    }

    internal bool Consume(byte[] reply, Instant now)
    {
        Assert.True(CookieReplyView.TryRead(reply, out CookieReplyView view));
        return Jar.TryConsume(view, now);
    }

    internal void ObtainCookie(IpEndpoint source, Instant now) => Assert.True(Consume(Reply(Message(now), source, now), now));
}
