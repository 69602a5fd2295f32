using System.Net;
using System.Net.Sockets;
using Chasqui.Compare;
using Chasqui.Compare.Inside;

namespace Chasqui.Tests.Compare;

public sealed class ConnectionTests
{
    [Fact]
    public void CountsConnectionsThatWereServed()
    {
        var work = new ConnectionWork(new IPEndPoint(IPAddress.Loopback, 0), Workers: 4, Seconds: 1);
        using Socket server = ConnectionServer.Start(work);

        ConnectionTally tally = ConnectionClient.Count(work with { Server = (IPEndPoint)server.LocalEndPoint! });

        Assert.Equal(0, tally.Failed);
        Assert.InRange(tally.Done, 10, 1_000_000);
    }

    [Fact]
    public void CountsConnectionsThatWereRefusedAsFailed()
    {
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // taken, but nobody listens

        ConnectionTally tally = ConnectionClient.Count(new ConnectionWork((IPEndPoint)nobody.LocalEndPoint!, Workers: 1, Seconds: 1));

        Assert.Equal(0, tally.Done);
        Assert.InRange(tally.Failed, 1, int.MaxValue);
    }

    [Fact]
    public void TheWorkIsReadAsItWasWritten()
    {
        var work = new ConnectionWork(new IPEndPoint(IPAddress.Parse("10.7.0.1"), 5202), 32, 3);

        Assert.Equal(work, ConnectionWork.Parse([.. work.Words]));
    }

    [Fact]
    public void TheTallyIsReadAsItWasWritten()
    {
        var tally = new ConnectionTally(3000, 2, 3);

        Assert.Equal(tally, ConnectionTally.Parse(tally.Text + "\n"));
        Assert.Equal(1000, tally.PerSecond);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("1 0 x")]
    [InlineData("100 0 0")] // no time has passed
    [InlineData("100 2 3")] // one in fifty failed
    [InlineData("0 1 3")]
    public void ATallyThatMeansNothingIsRefused(string text) => Assert.Throws<LabException>(() => ConnectionTally.Parse(text));
}
