using System.Diagnostics;
using System.Globalization;

namespace Chasqui.Siege.Flood;

/// <summary>The program on the attacker's side: sends at a rate until it is ended, a millisecond's worth at a time.</summary>
internal static class Flooder
{
    /// <summary>What it says when it has begun.</summary>
    public const string Ready = "flooding";

    private const double MostCatchingUp = 0.005; // seconds: what was not sent in time is left out

    /// <summary>Sends; prints, twenty times a second, how many datagrams it has sent so far to the target itself.</summary>
    public static int Run(FloodWork work)
    {
        using IGun gun = work.IsOdd ? new OddGun(work) : new RawGun(work);
        Console.WriteLine(Ready);
        long start = Stopwatch.GetTimestamp(), sent = 0, hits = 0, skipped = 0;
        double said = 0;
        while (true)
        {
            double now = Stopwatch.GetElapsedTime(start).TotalSeconds;
            long due = (long)(now * work.Rate) - sent - skipped, most = (long)(MostCatchingUp * work.Rate);
            if (due > most)
            {
                skipped += due - most;
                due = most;
            }

            if (due > 0)
            {
                bool isHit = File.Exists(work.Flag);
                int count = gun.Send((int)due, isHit ? work.Target.Port : work.ControlPort);
                sent += count;
                if (isHit) hits += count;
            }

            if (now >= said)
            {
                said = now + 0.05;
                Console.WriteLine(hits.ToString(CultureInfo.InvariantCulture));
            }

            Thread.Sleep(1);
        }
    }
}
