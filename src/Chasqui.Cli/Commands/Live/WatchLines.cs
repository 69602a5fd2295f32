using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;

namespace Chasqui.Cli.Commands.Live;

/// <summary>Running interfaces line by line: one for each peer each time, and one for each event.</summary>
internal sealed class WatchLines(IReadOnlyList<WatchSubject> subjects, Func<string, TunnelStatus> read, TextWriter output)
{
    /// <summary>Writes until it has looked <paramref name="count"/> times. The subjects may have been read once.</summary>
    internal void Write(TimeSpan interval, int count)
    {
        var told = new Instant[subjects.Count];
        for (int i = 0; i < subjects.Count; i++)
        {
            told[i] = subjects[i].History.Latest?.At ?? default;
        }

        for (int time = 0; time < count; time++)
        {
            if (time > 0)
            {
                Thread.Sleep(interval);
            }

            for (int i = 0; i < subjects.Count; i++)
            {
                subjects[i].Update(read);
                WriteOne(subjects[i], ref told[i]);
            }
        }
    }

    private void WriteOne(WatchSubject subject, ref Instant told)
    {
        if (subject.Failure is { } failure)
        {
            output.WriteLine($"{subject.Name} {failure}");
            return;
        }

        TunnelStatus status = subject.History.Latest!;
        foreach (TunnelEvent one in status.Recent)
        {
            if (one.At > told)
            {
                long then = status.UnixNanoseconds - (status.At.Nanoseconds - one.At.Nanoseconds);
                output.WriteLine($"{Time(then)} {subject.Name} {EventSentence.Of(one, subject.Titles.Of)}");
            }
        }

        told = status.At;
        foreach (PeerStatus peer in status.Peers)
        {
            PeerRates rates = subject.History.Of(peer.PublicKey);
            output.WriteLine(
                $"{Time(status.UnixNanoseconds)} {subject.Name} {subject.Titles.Of(peer.PublicKey)} {WatchWords.State(status, peer)}"
                + $" {(peer.Endpoint.IsNone ? WatchWords.Unknown : peer.Endpoint)} received {WatchWords.Rate(rates.ReceivedNow)} sent {WatchWords.Rate(rates.SentNow)}"
                + $" rtt {WatchWords.RoundTrip(peer.HandshakeRoundTrip)} loss {WatchWords.Loss(peer)}");
        }
    }

    private static string Time(long unixNanoseconds) =>
        DateTime.UnixEpoch.AddTicks(unixNanoseconds / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
}
