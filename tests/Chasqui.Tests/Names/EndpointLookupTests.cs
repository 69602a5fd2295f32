using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Names;

namespace Chasqui.Tests.Names;

/// <summary>A service that does not exist fails without a name server, and not for good: what retries are made of.</summary>
public sealed class EndpointLookupTests : IDisposable
{
    private static readonly ConfEndpoint Failing = new("127.0.0.1:no-such-service", "127.0.0.1", "no-such-service");

    private readonly StringWriter _error = new();
    private readonly List<double> _pauses = [];

    public void Dispose() => _error.Dispose();

    [Fact]
    public void FindsWhatTheLibraryFinds() =>
        Assert.Equal(
            new IpEndpoint(IpAddress.V6(0xFE800000_00000000, 1), 5, 1),
            Lookup(0).Resolve(new ConfEndpoint("[fe80::1%lo]:5", "fe80::1%lo", "5")).Endpoint);

    [Fact]
    public void TriesAgainAsOftenAsToldAndWaitsLongerEachTime()
    {
        EndpointResolution resolution = Lookup(19).Resolve(Failing);

        Assert.Equal("Servname not supported for ai_socktype", resolution.Failure);
        Assert.Equal(19, _pauses.Count);
        Assert.Equal([1, 1.2, 1.44, 1.728, 2.0736], _pauses.Take(5));
        Assert.Equal([20, 20], _pauses.TakeLast(2));
        Assert.StartsWith(
            "Servname not supported for ai_socktype: `127.0.0.1:no-such-service'. Trying again in 1.00 seconds...\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void DoesNotTryAgainWhenToldNotTo()
    {
        _ = Lookup(0).Resolve(Failing);

        Assert.Empty(_pauses);
        Assert.Equal("", _error.ToString());
    }

    [Theory]
    [InlineData("YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=")]
    [InlineData("a/b")]
    public void WhatIsLikelierAKeyThanANameIsAskedOfNobody(string host)
    {
        var endpoint = new ConfEndpoint($"{host}:5", host, "no-such-service");

        Assert.Equal("Name or service not known", Lookup(3).Resolve(endpoint).Failure);
        Assert.Empty(EndpointLookup.FindAll(endpoint));
        Assert.Empty(_pauses); // a service that is not known would have been tried again
    }

    [Fact]
    public void OneAttemptHasItsTime()
    {
        var address = new ConfEndpoint("[fe80::1%lo]:5", "fe80::1%lo", "5");

        Assert.Equal(5, EndpointLookup.ResolveWithin(address, TimeSpan.FromSeconds(30)).Endpoint.Port);
        Assert.Equal("The name server has not answered in time", EndpointLookup.ResolveWithin(address, TimeSpan.Zero).Failure);
    }

    private EndpointLookup Lookup(int retries) => new(_error, retries, pause => _pauses.Add(pause.TotalSeconds));
}
