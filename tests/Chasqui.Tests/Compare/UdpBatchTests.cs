using System.Net;
using System.Net.Sockets;
using Chasqui.Compare.Inside;

namespace Chasqui.Tests.Compare;

public sealed class UdpBatchTests
{
    [Theory]
    [InlineData(120, 5e6)]
    [InlineData(1340, 50e6)]
    public void WhatIsSentOverLoopbackIsCounted(int payload, double rate)
    {
        using Socket sink = StartSink(payload, out IPEndPoint server);

        var tally = UdpSource.Send(new UdpWork(server, payload, rate, 200));

        Assert.InRange(tally.Sent, 1, (long)(tally.Seconds * rate / 8 / payload));
        Assert.Equal(tally.Sent, tally.Arrived);
    }

    [Fact]
    public void EachRunIsCountedByItself()
    {
        using Socket sink = StartSink(120, out IPEndPoint server);
        var work = new UdpWork(server, 120, 1e6, 50);

        UdpSource.Send(work);
        var second = UdpSource.Send(work);

        Assert.Equal(second.Sent, second.Arrived);
    }

    [Fact]
    public void WhatTheSinkDoesNotCountIsLost()
    {
        using Socket sink = StartSink(payload: 1000, out IPEndPoint server); // counts whole thousands of bytes: nothing of ours alone

        var tally = UdpSource.Send(new UdpWork(server, 120, 0.1e6, 50));

        Assert.Equal(1, tally.Loss);
    }

    [Fact]
    public void TheWordsOfTheWorkSurvive()
    {
        var work = new UdpWork(new IPEndPoint(IPAddress.Loopback, 5203), 120, 2.5e9, 800);

        Assert.Equal(work, UdpWork.Parse([.. work.Words]));
    }

    private static Socket StartSink(int payload, out IPEndPoint server)
    {
        Socket sink = UdpSink.Open(new IPEndPoint(IPAddress.Loopback, 0));
        server = (IPEndPoint)sink.LocalEndPoint!;
        new Thread(Count) { IsBackground = true }.Start();
        return sink;

        void Count()
        {
            try
            {
                UdpSink.Count(sink, payload);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
