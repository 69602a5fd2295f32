using System.Diagnostics;
using System.Globalization;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;
using Chasqui.TableBench;

// Times of the configuration protocol, and of the allowed-IPs table: filling it prefix by prefix, and look-ups of random addresses that
// all have an owner.
// Look-ups are timed twice: one after the other is over (each address depends on the last answer), and as fast as they overlap.
const int Lookups = 1 << 20;
var culture = CultureInfo.InvariantCulture;
UapiTimes.Print();
Console.WriteLine(
    $"{"workload",-24} {"prefixes",9} {"insert ns",11} {"bytes/prefix",14} {"dependent look-up ns",22} {"overlapped look-up ns",23}");
foreach (Workload workload in Workload.All)
{
    Run(workload, 1, 200);
    foreach (int count in (ReadOnlySpan<int>)[1, 10_000, 130_000, 1_000_000])
    {
        (double insert, double bytes, double dependent, double overlapped) = Run(workload, count, Lookups);
        Console.WriteLine(string.Create(
            culture, $"{workload.Name,-24} {count,9:N0} {insert,11:F1} {bytes,14:F1} {dependent,22:F1} {overlapped,23:F1}"));
    }
}

static (double Insert, double Bytes, double Dependent, double Overlapped) Run(Workload workload, int count, int lookups)
{
    var random = new Random(1);
    var prefixes = new IpPrefix[count];
    for (int i = 0; i < count; i++)
    {
        prefixes[i] = workload.Next(random);
    }

    var owners = new Owner[Math.Min(count, 1 << 16)];
    for (int i = 0; i < owners.Length; i++)
    {
        owners[i] = new Owner();
    }

    long before = GC.GetTotalMemory(forceFullCollection: true);
    var table = new AllowedIps<Owner>(new SeededEntropy(1));
    long start = Stopwatch.GetTimestamp();
    for (int i = 0; i < count; i++)
    {
        table.Insert(prefixes[i], owners[i % owners.Length]);
    }

    double insert = Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    double bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / table.Count;
    IpAddress[] addresses = Addresses(prefixes, random, lookups);
    double dependent = Best(() => LookupEach(table, addresses, isDependent: true)) / lookups;
    double overlapped = Best(() => LookupEach(table, addresses, isDependent: false)) / lookups;
    return (insert, bytes, dependent, overlapped);
}

static IpAddress[] Addresses(IpPrefix[] prefixes, Random random, int lookups)
{
    var addresses = new IpAddress[lookups];
    for (int i = 0; i < lookups; i++)
    {
        IpPrefix prefix = prefixes[random.Next(prefixes.Length)];
        addresses[i] = prefix.Address.IsV4
            ? IpAddress.V4((uint)((prefix.Address.High >> 32) | ((ulong)random.NextInt64(1L << 32) & ((1UL << (32 - prefix.Length)) - 1))))
            : prefix.Address;
    }

    return addresses;
}

static double Best(Func<double> once)
{
    double best = double.MaxValue;
    for (int i = 0; i < 5; i++)
    {
        best = Math.Min(best, once());
    }

    return best;
}

static double LookupEach(AllowedIps<Owner> table, IpAddress[] addresses, bool isDependent)
{
    long start = Stopwatch.GetTimestamp();
    int found = 0;
    for (int i = 0; i < addresses.Length; i++)
    {
        // In a dependent run "found" equals i, so the address is the same, but the processor cannot know it before the answer is there.
        found += table.Lookup(addresses[isDependent ? found : i]) is null ? 0 : 1;
    }

    double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    return found == addresses.Length ? elapsed : throw new InvalidOperationException("An address had no owner.");
}
