using System.Diagnostics;
using Chasqui.Compare;
using Chasqui.Compare.Contenders;
using Chasqui.Compare.Measures;

IContender[] contenders =
[
    new UserspaceWireGuard("chasqui", Environment.GetEnvironmentVariable("CHASQUI"), "ChaCha20-Poly1305"),
    new UserspaceWireGuard("wireguard-go", Environment.GetEnvironmentVariable("WIREGUARD_GO"), "ChaCha20-Poly1305"),
    new RawLink(),
];
IMeasure[] measures = [new TcpThroughput(1, 2)];
foreach (IContender contender in contenders)
{
    if (contender.WhyAbsent is string why)
    {
        Console.WriteLine($"{contender.Name}: {why}");
        continue;
    }

    using var lab = new Lab();
    try
    {
        long start = Stopwatch.GetTimestamp();
        contender.Start(lab);
        Console.WriteLine($"{contender.Name} {contender.Version}: first ping after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        foreach (Figure figure in measures.SelectMany(measure => measure.Run(lab, contender)))
        {
            Console.WriteLine($"  {figure.Quantity.Title}: {figure.Value:F2} {figure.Quantity.Unit}");
        }
    }
    catch (Exception) when (lab.IsInterrupted)
    {
        Thread.Sleep(Timeout.Infinite); // the signal's handler cleans up and ends the process
    }
}
