using System.Buffers;
using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Linux.Names;
using Chasqui.Linux.Udp;

namespace Chasqui.Names;

/// <summary>Resolves the names of endpoints as stock <c>wg</c> does: the first answer counts, and a failure that may pass is tried again.</summary>
/// <remarks>Threads: one; <see cref="Resolve"/> blocks. Source: wireguard-tools config.c.</remarks>
/// <param name="log">Where a person is told of each new try.</param>
/// <param name="retries">How often; <see cref="EndpointRetries.Infinite"/> for ever.</param>
/// <param name="pause">Waits; what it throws ends the lookup. A test does not wait.</param>
public sealed class EndpointLookup(TextWriter log, int retries, Action<TimeSpan> pause)
{
    private const string NoAnswer = "The name server has not answered in time";
    // Keys have these, and no host: a key that stands where a name belongs would be told to every name server on the way.
    private static readonly SearchValues<char> NeverInNames = SearchValues.Create("=/+");
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    /// <summary>The port of a UDP service by number or name; null if there is no such service.</summary>
    public static ushort? FindPort(string service) =>
        AddressLookup.ResolveService(service) is { Addresses: [{ Port: var port }, ..] } ? port : null;

    /// <summary>Finds all addresses of an endpoint in one attempt, best first; none if it does not resolve. Blocks.</summary>
    internal static IReadOnlyList<IpEndpoint> FindAll(ConfEndpoint endpoint)
    {
        LookupResult result = Ask(endpoint);
        return [.. result.Addresses.Select(static address => UdpMapping.ToEndpoint(address))];
    }

    /// <summary>Finds an endpoint's address in one attempt and a given time.</summary>
    /// <remarks>The C library cannot be interrupted: what takes longer goes on in the background, and nobody listens.</remarks>
    internal static EndpointResolution ResolveWithin(ConfEndpoint endpoint, TimeSpan patience)
    {
        if (patience <= TimeSpan.Zero)
        {
            return EndpointResolution.NotFound(NoAnswer);
        }

        EndpointResolution? resolution = null;
        var thread = new Thread(() => resolution = new EndpointLookup(TextWriter.Null, 0, static _ => { }).Resolve(endpoint)) { IsBackground = true };
        thread.Start();
        return thread.Join(patience) && resolution is { } found ? found : EndpointResolution.NotFound(NoAnswer);
    }

    /// <summary>Finds an endpoint's address.</summary>
    public EndpointResolution Resolve(ConfEndpoint endpoint)
    {
        TimeSpan wait = FirstPause;
        for (int left = retries; ; left = left > 0 ? left - 1 : left)
        {
            LookupResult result = Ask(endpoint);
            if (result is { IsFound: true, Addresses: [UdpAddress first, ..] })
            {
                return EndpointResolution.Found(UdpMapping.ToEndpoint(first));
            }

            string failure = result.IsFound ? "Neither IPv4 nor IPv6 address found" : result.Message;
            if (result.IsFound || result.IsPermanent || left == 0)
            {
                return EndpointResolution.NotFound(failure);
            }

            log.Write(string.Create(
                CultureInfo.InvariantCulture, $"{failure}: {ConfigException.Quote(endpoint.Text)}. Trying again in {wait.TotalSeconds:F2} seconds...\n"));
            pause(wait);
            TimeSpan next = wait * 6 / 5;
            wait = next < LongestPause ? next : LongestPause;
        }
    }

    private static LookupResult Ask(ConfEndpoint endpoint) =>
        endpoint.Host.AsSpan().ContainsAny(NeverInNames) ? LookupResult.NoSuchName : AddressLookup.Resolve(endpoint.Host, endpoint.Service);
}
