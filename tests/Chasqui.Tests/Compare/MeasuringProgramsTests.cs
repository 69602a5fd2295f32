using Chasqui.Compare;
using Chasqui.Compare.Inside;
using Chasqui.Compare.Measures;

namespace Chasqui.Tests.Compare;

public sealed class MeasuringProgramsTests
{
    [Fact]
    public void TcpIsWhatTheReceiverCounted()
    {
        IperfResult result = Iperf.Read("""
            {"end":{"sum_sent":{"seconds":2,"bytes":600000000,"bits_per_second":1},"sum_received":{"seconds":2.5,"bytes":500000000,"bits_per_second":1}}}
            """);

        Assert.Equal(1.6, result.Gigabits, 6);
        Assert.Equal(0, result.Loss);
    }

    [Fact]
    public void OfUdpOnlyWhatArrivedCounts()
    {
        // With UDP iperf3 repeats the sender's bytes as the receiver's: the packets tell what was lost.
        IperfResult result = Iperf.Read("""
            {"end":{"sum_sent":{"seconds":1,"bytes":134000,"packets":100,"lost_packets":0},
                    "sum_received":{"seconds":1,"bytes":134000,"packets":100,"lost_packets":25}}}
            """);

        Assert.Equal(0.25, result.Loss);
        Assert.Equal(100500, result.Bytes, 3);
        Assert.Equal(134000, result.SentPerSecond);
    }

    [Theory]
    [InlineData("""{"end":{},"error":"unable to connect to server: Connection refused"}""", "refused")]
    [InlineData("", "no result")]
    [InlineData("""{"end":{}}""", "no result")]
    [InlineData("""{"end":{"sum_sent":{"seconds":0,"bytes":0},"sum_received":{"seconds":0,"bytes":0}}}""", "no result")]
    public void WhatIperfCannotDoIsAFailure(string json, string words) =>
        Assert.Contains(words, Assert.Throws<LabException>(() => Iperf.Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void PingsAreReadWithWhatWasLost()
    {
        var times = PingTimes.Read("""
            PING 10.7.0.1 (10.7.0.1) 56(84) bytes of data.
            64 bytes from 10.7.0.1: icmp_seq=1 ttl=64 time=0.153 ms
            64 bytes from 10.7.0.1: icmp_seq=2 ttl=64 time=12.6 ms
            64 bytes from 10.7.0.1: icmp_seq=2 ttl=64 time=12.9 ms (DUP!)
            64 bytes from 10.7.0.1: icmp_seq=4 ttl=64 time=1032 ms

            --- 10.7.0.1 ping statistics ---
            4 packets transmitted, 3 received, +1 duplicates, 25% packet loss, time 15ms
            """);

        Assert.Equal([0.153, 12.6, 1032], times.Milliseconds);
        Assert.Equal(0.25, times.Lost);
    }

    [Fact]
    public void APingThatDidNotRunIsAFailure() => Assert.Throws<LabException>(() => PingTimes.Read("ping: connect: Network is unreachable\n"));

    [Fact]
    public void CpuTimeIsReadBehindAnyName() =>
        Assert.Equal(3.7, ProcessFigures.ReadCpu("12 (a b) c) S 1 12 12 0 -1 4194560 100 0 0 0 250 120 0 0 20 0 3 0 100 0 0"), 6);

    [Fact]
    public void AStatusLineIsFoundByItsWholeWord()
    {
        const string Status = "Name:\tx\nVmHWM:\t   14208 kB\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t2\n";

        Assert.Equal(14208, ProcessFigures.ReadStatus(Status, "VmHWM"));
        Assert.Equal(7, ProcessFigures.ReadStatus(Status, "voluntary_ctxt_switches"));
        Assert.Throws<LabException>(() => ProcessFigures.ReadStatus(Status, "VmRSS"));
    }

    [Fact]
    public void SwitchesOfNewThreadsCountFromZero()
    {
        double since = WakeUps.Since(
            new Dictionary<string, double> { ["1"] = 5, ["2"] = 9 }, new Dictionary<string, double> { ["1"] = 7, ["3"] = 4 });

        Assert.Equal(6, since);
    }

    [Fact]
    public void ATallyOfUdpSurvivesItsText()
    {
        var tally = UdpTally.Parse(new UdpTally(2000, 1500, 0.5).Text);

        Assert.Equal(0.25, tally.Loss);
        Assert.Equal(0.5, tally.Seconds);
        Assert.Throws<LabException>(() => UdpTally.Parse("2000 1500"));
        Assert.Throws<LabException>(() => UdpTally.Parse("Unhandled exception"));
    }
}
