using System.Globalization;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.HubBench;
using Chasqui.Linux.Udp;

// What a hub of many peers loses against one peer, what allowed addresses cost, and what queues bring. Root; see docs/scaling.md.
//
//   dotnet run -c Release --project bench/Chasqui.HubBench -- --what=hub|prefixes|queues --daemon=PATH
//     --bursts=1,4,16,44   packets that one peer sends or gets in a row, before it is the next one's turn
//     --payload=1340       bytes of payload of each inner UDP packet
//     --rounds=3 --megabytes=600 --cpus=1 (the daemon's; start the bench itself with taskset to keep it off them)
var settings = Settings.Parse(args);
var results = new Dictionary<(string Scenario, int Burst, string Way), List<Result>>();
using var lab = new HubLab();
for (int round = 0; round < settings.Rounds; round++)
{
    foreach (Scenario scenario in settings.Scenarios())
    {
        Measure(scenario, round);
    }
}

Report();
return;

void Measure(Scenario scenario, int round)
{
    var entropy = new SeededEntropy(round);
    PrivateKey[] keys = [.. Enumerable.Range(0, scenario.Peers + 1).Select(_ => PrivateKey.Generate(entropy))];
    PublicKey[] names = [.. keys.Select(key => key.DerivePublicKey())];
    lab.Start(settings, scenario, keys[^1].DangerousSpan.ToArray(), names.AsSpan(0, scenario.Peers));
    ActivePeer[] active = lab.InWorld(() =>
    {
        // Spread over all that the hub knows, so that they do not lie side by side in its tables.
        int step = scenario.Peers / scenario.Active;
        return Enumerable.Range(0, scenario.Active)
            .Select(i => new ActivePeer(i * step, keys[i * step], names[^1], scenario)).ToArray();
    });
    Connect(active);
    var flood = new Flood(lab, settings, scenario, active);
    foreach (int burst in settings.Bursts)
    {
        // On a slow machine sessions grow old meanwhile: a packet of an initiator's renews those that are.
        Array.ForEach(active, peer => peer.Begin(new byte[2048]));
        Connect(active);
        Add(scenario, burst, "in", flood.Inbound(burst));
        Add(scenario, burst, "out", flood.Outbound(burst));
    }

    Console.WriteLine($"  {scenario.Name}: peak {lab.DaemonPeakKibibytes() * 1024 / 1e6:F1} MB");
    lab.Stop();
    foreach (ActivePeer peer in active)
    {
        peer.Dispose();
    }
}

void Connect(ActivePeer[] active)
{
    var buffer = new byte[2048];
    var batch = new ReceiveBatch();
    Thread.Sleep(50);
    Array.ForEach(active, peer => peer.Continue(batch, buffer));
    for (int attempt = 0; attempt < 50 && Array.Exists(active, peer => !peer.IsReady); attempt++)
    {
        foreach (ActivePeer[] some in Array.FindAll(active, peer => !peer.IsReady).Chunk(50))
        {
            Array.ForEach(some, peer => peer.Begin(buffer));
            Thread.Sleep(30);
            Array.ForEach(some, peer => peer.Continue(batch, buffer));
        }

        Thread.Sleep(100);
    }

    if (Array.Exists(active, peer => !peer.IsReady))
    {
        throw new InvalidOperationException("not every peer has a session");
    }
}

void Add(Scenario scenario, int burst, string way, Result result)
{
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {scenario.Name,-44} burst {burst,2} {way,-3} {result.GigabitsPerSecond,6:F2} Gbit/s {result.NanosecondsPerPacket,6:F0} ns/packet  {result.Share,4:P0}"));
    if (!results.TryGetValue((scenario.Name, burst, way), out List<Result>? list))
    {
        results[(scenario.Name, burst, way)] = list = [];
    }

    list.Add(result);
}

void Report()
{
    Console.WriteLine($"\nmedian of {settings.Rounds}; payload {settings.Payload}; ratio to the first scenario: throughput, processor time a packet");
    foreach (int burst in settings.Bursts)
    {
        foreach (string way in (ReadOnlySpan<string>)["in", "out"])
        {
            double? first = null, firstTime = null;
            foreach (Scenario scenario in settings.Scenarios())
            {
                List<Result> list = results[(scenario.Name, burst, way)];
                double rate = Median(list.Select(result => result.GigabitsPerSecond));
                double time = Median(list.Select(result => result.NanosecondsPerPacket));
                first ??= rate;
                firstTime ??= time;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {scenario.Name,-44} | {burst,2} | {way,-3} | {rate,5:F2} Gbit/s | {time,5:F0} ns | {rate / first,5:P0} | {time / firstTime,5:P0} |"));
            }
        }
    }
}

static double Median(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return sorted[sorted.Length / 2];
}
