using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>A network of tunnels in virtual time, the same for the same seed: no clock, no thread, no socket.</summary>
/// <remarks>
/// Events run in the order of their instants. Everything that is sent is kept in <see cref="Wire"/>, and held against what must be
/// true of every datagram: a counter is used once under one key, no plaintext shows, every message has a type.
/// </remarks>
internal sealed partial class SimulatedNetwork : IDisposable
{
    internal static readonly Instant Origin = new(1_000_000_000_000);
    internal const long WallOrigin = 1_700_000_000_000_000_000;
    private const int MaxSteps = 2_000_000;

    private readonly PriorityQueue<WireRecord, (long At, long Order)> _flights = new();
    private readonly Dictionary<(SimulatedHost From, SimulatedHost To), Link> _links = [];
    private long _order;

    private SimulatedNetwork(int seed)
    {
        Seed = seed;
        Random = new Random(seed);
    }

    internal int Seed { get; }

    internal Random Random { get; }

    internal Instant Now { get; private set; } = Origin;

    /// <summary>How much of the time since <see cref="Origin"/> no host was asleep.</summary>
    internal TimeSpan TimeAwake { get; private set; }

    internal List<SimulatedHost> Hosts { get; } = [];

    /// <summary>Every datagram that a host has sent.</summary>
    internal List<WireRecord> Wire { get; } = [];

    internal Link DefaultLink { get; set; } = Link.Perfect;

    /// <summary>Sees every datagram before its link does, and may take it away by saying so.</summary>
    internal Func<WireRecord, bool>? Interceptor { get; set; }

    /// <summary>Runs a scenario; whatever it throws is told with the seed and the virtual time.</summary>
    internal static void Run(int seed, Action<SimulatedNetwork> scenario)
    {
        using var network = new SimulatedNetwork(seed);
        try
        {
            scenario(network);
        }
        catch (Exception e)
        {
            string tail = string.Join('\n', network.Wire.TakeLast(12));
            throw new SimulationException(
                $"seed {seed}, at {(network.Now - Origin).TotalSeconds:0.000} s: {e.Message}\nlast on the wire:\n{tail}", e);
        }
    }

    /// <summary>Runs a scenario with two hosts that know each other.</summary>
    internal static void RunPair(int seed, Action<SimulatedNetwork, SimulatedHost, SimulatedHost> scenario) => Run(seed, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        a.Connect(b);
        b.Connect(a);
        scenario(network, a, b);
    });

    internal SimulatedHost AddHost()
    {
        var host = new SimulatedHost(this, Hosts.Count + 1);
        Hosts.Add(host);
        return host;
    }

    internal void SetLink(SimulatedHost from, SimulatedHost to, Link link) => _links[(from, to)] = link;

    internal void SetLinks(SimulatedHost one, SimulatedHost other, Link link)
    {
        SetLink(one, other, link);
        SetLink(other, one, link);
    }

    /// <summary>Goes back to the default link everywhere.</summary>
    internal void ClearLinks() => _links.Clear();

    /// <summary>Lets time pass: every datagram and every deadline in it, in order.</summary>
    internal void Advance(TimeSpan span)
    {
        Instant end = Now + span;
        TimeAwake += Hosts.Exists(host => host.IsAsleep) ? TimeSpan.Zero : span;
        for (int step = 0; ; step++)
        {
            Check(step < MaxSteps, "Time does not pass: something happens again and again.");
            (SimulatedHost? host, Instant next) = NextEvent();
            if (next > end)
            {
                Now = end;
                return;
            }

            Now = next > Now ? next : Now;
            if (host is not null)
            {
                host.Tick();
            }
            else
            {
                Arrive(_flights.Dequeue());
            }
        }
    }

    internal void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Advances in small steps until something is so.</summary>
    /// <returns>How long it took, or null if it is not so within the limit.</returns>
    internal TimeSpan? AdvanceUntil(Func<bool> isSo, double limitSeconds, double stepSeconds = 0.01)
    {
        Instant start = Now;
        while (!isSo())
        {
            if (Now >= start + TimeSpan.FromSeconds(limitSeconds))
            {
                return null;
            }

            Advance(stepSeconds);
        }

        return Now - start;
    }

    /// <summary>Datagrams on the wire that a host sent, of one kind.</summary>
    internal List<WireRecord> Sent(SimulatedHost host, MessageType type) => Wire.FindAll(r => r.Sender == host && r.Type == type);

    /// <summary>Datagrams on the wire from one host to where another is.</summary>
    internal List<WireRecord> SentTo(SimulatedHost host, SimulatedHost other, MessageType type) =>
        Wire.FindAll(r => r.Sender == host && r.Type == type && r.Destination == other.Address);

    internal void Check(bool isSo, string what)
    {
        if (!isSo)
        {
            Assert.Fail($"{what} (seed {Seed})");
        }
    }

    /// <summary>A datagram leaves a host.</summary>
    internal void Send(SimulatedHost sender, in Endpoint to, byte[] bytes, byte trafficClass)
    {
        var record = new WireRecord(Now, sender, sender.AddressFor(to.Remote), to.Remote, bytes, trafficClass);
        Wire.Add(record);
        CheckRecord(record);
        if (Interceptor?.Invoke(record) == true)
        {
            record.Fate = WireFate.Intercepted;
            return;
        }

        SimulatedHost? receiver = HostAt(to.Remote);
        Link link = receiver is not null && _links.TryGetValue((sender, receiver), out Link? own) ? own : DefaultLink;
        if (link.IsCut || bytes.Length > link.Mtu || Random.NextDouble() < link.Loss)
        {
            record.Fate = WireFate.Lost;
            return;
        }

        Launch(record, link);
        if (Random.NextDouble() < link.Duplication)
        {
            Launch(record, link);
        }
    }

    public void Dispose()
    {
        foreach (SimulatedHost host in Hosts)
        {
            host.Dispose();
        }
    }

    private SimulatedHost? HostAt(IpEndpoint address) => Hosts.Find(h => h.Address == address || h.SecondAddress == address);

    private (SimulatedHost? Host, Instant At) NextEvent()
    {
        SimulatedHost? first = null;
        Instant earliest = Instant.Never;
        foreach (SimulatedHost host in Hosts)
        {
            if (!host.IsAsleep && host.Tunnel.NextDeadline < earliest)
            {
                (first, earliest) = (host, host.Tunnel.NextDeadline);
            }
        }

        return _flights.TryPeek(out _, out (long At, long Order) flight) && flight.At < earliest.Nanoseconds
            ? (null, new Instant(flight.At))
            : (first, earliest);
    }

    private void Launch(WireRecord record, Link link)
    {
        TimeSpan jitter = link.Jitter * Random.NextDouble();
        WireRecord launched = record;
        bool isCorrupt = Random.NextDouble() < link.Corruption;
        if (isCorrupt || (link.MarksCongestion && (record.TrafficClass & 3) != 0))
        {
            byte[] bytes = [.. record.Bytes];
            if (isCorrupt)
            {
                bytes[Random.Next(bytes.Length)] ^= (byte)(1 << Random.Next(8));
            }

            byte trafficClass = link.MarksCongestion ? (byte)(record.TrafficClass | 3) : record.TrafficClass;
            launched = new WireRecord(record.At, record.Sender, record.Source, record.Destination, bytes, trafficClass);
            record.Fate = WireFate.Arrived;
        }

        _flights.Enqueue(launched, ((Now + link.Delay + jitter).Nanoseconds, _order++));
    }

    private void Arrive(WireRecord record)
    {
        if (HostAt(record.Destination) is not { IsAsleep: false } host)
        {
            record.Fate = WireFate.NobodyThere;
            return;
        }

        record.Fate = WireFate.Arrived;
        host.Receive(record.Source, record.Bytes, record.TrafficClass);
    }
}
