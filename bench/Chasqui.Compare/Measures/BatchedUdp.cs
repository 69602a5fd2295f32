using System.Net;
using Chasqui.Compare.Inside;

namespace Chasqui.Compare.Measures;

/// <summary>Many datagrams in a system call at both ends, as QUIC programs do it: UDP_SEGMENT and UDP_GRO.</summary>
/// <param name="milliseconds">Of one probe.</param>
internal sealed class BatchedUdp(int milliseconds) : IUdpSender
{
    private static readonly IPEndPoint Server = new(IPAddress.Parse(Lab.Inner(End.Left)), 5203);

    /// <inheritdoc/>
    public string Suffix => ".batched";

    /// <inheritdoc/>
    public string Words => "in batches";

    /// <inheritdoc/>
    public IDisposable Listen(Lab lab, int payload)
    {
        RunningProgram sink = InsideProgram.StartSink(lab, End.Left, new UdpWork(Server, payload, 0, 0));
        Lab.WaitUntil(() => sink.Output.Contains(UdpSink.Ready, StringComparison.Ordinal), "the UDP sink", sink);
        return sink;
    }

    /// <inheritdoc/>
    public RateProbe Send(Lab lab, int payload, double rate)
    {
        RunningProgram source = InsideProgram.StartSource(lab, End.Right, new UdpWork(Server, payload, rate, milliseconds));
        try
        {
            var tally = UdpTally.Parse(source.WaitForOutput(TimeSpan.FromMilliseconds(milliseconds + 15_000)));
            double bits = payload * 8 / tally.Seconds;
            return new RateProbe(tally.Sent * bits, tally.Arrived * bits, tally.Loss);
        }
        finally
        {
            lab.Forget(source);
        }
    }
}
