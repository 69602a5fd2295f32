using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests;

public sealed class NamedEndpointTests
{
    private static readonly IpEndpoint[] V4 = [.. Enumerable.Range(1, 9).Select(i => new IpEndpoint(IpAddress.V4(0xC0000200u + (uint)i), 1))];
    private static readonly IpEndpoint[] V6 = [.. Enumerable.Range(1, 9).Select(i => new IpEndpoint(IpAddress.V6(0x20010DB8_00000000, (ulong)i), 1))];

    [Fact]
    public void TheFamiliesTakeTurnsInTheResolversOrder()
    {
        NamedEndpoint named = Make(V6[0], V6[1], V6[2], V4[0], V4[1]);

        Assert.Equal([V6[0], V4[0], V6[1], V4[1], V6[2]], named.ToArray());
    }

    [Fact]
    public void EightAreKeptAndNoneTwice()
    {
        Assert.Equal(V4[..8], Make([V4[0], V4[0], .. V4]).ToArray());
        Assert.Equal([V4[0]], Make(default, V4[0]).ToArray());
    }

    [Fact]
    public void AnAnswerThatIsTheSameIsNoChange()
    {
        NamedEndpoint named = Make(V4[0], V6[0]);

        Assert.False(named.Replace([V4[0], V6[0]]));
        Assert.False(named.Replace([V6[0], V4[0]]));
        Assert.True(named.Replace([V4[0]]));
        Assert.True(named.Replace([V4[1]]));
        Assert.True(named.Replace([V4[1], V6[0]]));
    }

    [Fact]
    public void TheEndpointComesFirstAndTheOtherFamilyBesideIt()
    {
        NamedEndpoint named = Make(V4[0], V4[1], V6[0]);

        Assert.Equal([(V4[0], V6[0]), (V4[1], V4[0]), (V6[0], V4[1]), (V4[0], V6[0])], Pairs(named, V4[0], 4));
    }

    [Fact]
    public void AnEndpointThatTheNameDoesNotHaveKeepsItsTurn()
    {
        NamedEndpoint named = Make(V4[1], V6[0]);

        Assert.Equal([(V4[0], V6[0]), (V4[1], V4[0]), (V6[0], V4[1])], Pairs(named, V4[0], 3));
    }

    [Fact]
    public void OneAddressThatIsTheEndpointIsSentToOnce() => Assert.Equal([(V4[0], default)], Pairs(Make(V4[0]), V4[0], 1));

    [Fact]
    public void WhereTheCookieCameFromIsAlwaysTried()
    {
        NamedEndpoint named = Make(V4[..5]);
        named.CookieAccepted(V4[3]);

        Assert.All(Pairs(named, V4[0], 6), pair => Assert.Equal(V4[3], pair.First));
        Assert.Equal(5, Pairs(named, V4[0], 5).SelectMany(pair => (IpEndpoint[])[pair.First, pair.Second]).Distinct().Count());
        named.CookieAccepted(V6[0]); // from nowhere that we sent to
        Assert.DoesNotContain(V6[0], Pairs(named, V4[0], 6).SelectMany(pair => (IpEndpoint[])[pair.First, pair.Second]));
    }

    [Fact]
    public void TheEndpointKeepsItsSource()
    {
        var current = new Endpoint(V4[0], V4[5].Address, 3);

        Assert.Equal(current, Make(V4[0], V6[0]).NextPair(current, out Endpoint second));
        Assert.Equal(new Endpoint(V6[0]), second);
    }

    [Fact]
    public void SilenceIsTwoUnansweredInitiationsOrUnansweredData()
    {
        NamedEndpoint named = Make(V4[0]);
        named.InitiationUnanswered(default);
        Assert.False(named.IsSilent);
        named.InitiationUnanswered(default);
        Assert.True(named.IsSilent);
        named.HandshakeComplete();
        Assert.False(named.IsSilent);
        named.DataUnanswered(default);
        Assert.True(named.IsSilent);
    }

    [Fact]
    public void CopiesGoWhereTheInitiationHasNotGone()
    {
        NamedEndpoint named = Make(V4[0], V4[1], V6[0], V6[1]);
        named.Keep(new byte[InitiationView.Length], V4[0], V6[0]);

        named.PlacesForCopies(V4[0], out IpEndpoint first, out IpEndpoint second);
        Assert.Equal((V4[1], V6[1]), (first, second));
        named.PlacesForCopies(V4[5], out first, out second);
        Assert.Equal((V4[5], V4[1]), (first, second));
        named = Make(V4[0]);
        named.Keep(new byte[InitiationView.Length], V4[0], default);
        named.PlacesForCopies(V4[0], out first, out second);
        Assert.True(first.IsNone && second.IsNone);
    }

    [Fact]
    public void ANewInitiationNeedsNoCopiesOfItself()
    {
        NamedEndpoint named = Make(V4[0]);
        named.WantCopies(new Instant(5));
        Assert.Equal(new Instant(0), named.Due); // the name is new, too
        Assert.False(named.TryTakeCopies(new Instant(4)));
        Assert.True(named.TryTakeCopies(new Instant(5)));
        Assert.False(named.TryTakeCopies(new Instant(6)));
        named.WantCopies(new Instant(5));
        named.Keep(new byte[InitiationView.Length], V4[0], default);

        Assert.Equal(Instant.Never, named.CopyDue);
    }

    private static NamedEndpoint Make(params IpEndpoint[] addresses)
    {
        Assert.True(EndpointName.TryMake("b.example", 1, out EndpointName name));
        var named = new NamedEndpoint(name, default);
        Assert.True(named.Replace(addresses));
        return named;
    }

    private static (IpEndpoint First, IpEndpoint Second)[] Pairs(NamedEndpoint named, IpEndpoint current, int count)
    {
        var pairs = new (IpEndpoint, IpEndpoint)[count];
        for (int i = 0; i < count; i++)
        {
            Endpoint first = named.NextPair(new Endpoint(current), out Endpoint second);
            pairs[i] = (first.Remote, second.Remote);
        }

        return pairs;
    }
}
