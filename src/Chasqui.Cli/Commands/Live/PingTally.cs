using System.Globalization;
using Chasqui.Linux.Icmp;

namespace Chasqui.Cli.Commands.Live;

/// <summary>Requests and their answers, as lines and as a sum.</summary>
internal sealed class PingTally(TextWriter output)
{
    private readonly Dictionary<ushort, long> _sentAt = [];
    private readonly List<double> _milliseconds = [];
    private int _sent;

    /// <summary>How many were answered.</summary>
    internal int Answered => _milliseconds.Count;

    /// <summary>Notes a request.</summary>
    internal void Sent(ushort sequence, long nowNanoseconds)
    {
        _sent++;
        _sentAt[sequence] = nowNanoseconds;
    }

    /// <summary>Notes a request that did not leave.</summary>
    internal void NotSent(ushort sequence, string why)
    {
        _sent++;
        output.WriteLine($"seq={sequence} not sent: {why}");
    }

    /// <summary>Notes what came. A second answer to the same request is told and not counted.</summary>
    internal void Received(in EchoAnswer answer, long nowNanoseconds)
    {
        string from = answer.From.ToString();
        from = from.EndsWith(":0", StringComparison.Ordinal) ? from[..^2].Trim('[', ']') : from;
        if (answer.Kind != EchoAnswerKind.Reply)
        {
            output.WriteLine($"{from}: seq={answer.Sequence} {Why(answer)}");
            return;
        }

        if (!_sentAt.Remove(answer.Sequence, out long sentAt))
        {
            output.WriteLine($"{from}: seq={answer.Sequence} again");
            return;
        }

        double milliseconds = (nowNanoseconds - sentAt) / 1e6;
        _milliseconds.Add(milliseconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{from}: seq={answer.Sequence} time={milliseconds:0.###} ms"));
    }

    /// <summary>Writes the sum.</summary>
    internal void WriteSum()
    {
        int lost = _sent == 0 ? 0 : 100 * (_sent - Answered) / _sent;
        string times = Answered == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"; least/mean/most {_milliseconds.Min():0.###}/{_milliseconds.Average():0.###}/{_milliseconds.Max():0.###} ms");
        output.WriteLine($"{_sent} sent, {Answered} answered, {lost} % lost{times}");
    }

    private static string Why(in EchoAnswer answer) => answer.Kind switch
    {
        EchoAnswerKind.TooBig => answer.Mtu > 0 ? $"too long: packets of {answer.Mtu} bytes fit" : "too long",
        EchoAnswerKind.TimeExceeded => "went through too many routers: is there a loop?",
        _ => $"unreachable, code {answer.Code}",
    };
}
