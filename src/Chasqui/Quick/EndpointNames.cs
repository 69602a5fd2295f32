using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Names;
using Chasqui.Linux.Udp;

namespace Chasqui.Quick;

/// <summary>Finds the addresses of endpoints' names, as patiently as stock <c>wg</c> does.</summary>
internal sealed class EndpointNames
{
    private const double Growth = 1.2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    private readonly QuickOptions _options;
    private readonly int _retries;

    internal EndpointNames(QuickOptions options)
    {
        _options = options;
        _retries = EndpointRetries.Parse(options.ResolutionRetries);
    }

    /// <summary>The port of a service.</summary>
    internal static ushort? FindPort(string service)
    {
        LookupResult result = AddressLookup.ResolveService(service);
        return result.IsFound && result.Addresses.Count > 0 ? result.Addresses[0].Port : null;
    }

    internal EndpointResolution Resolve(ConfEndpoint endpoint)
    {
        TimeSpan pause = FirstPause;
        for (int attempt = 0; ; attempt++)
        {
            LookupResult result = AddressLookup.Resolve(endpoint.Host, endpoint.Service);
            if (result.IsFound && result.Addresses.Count > 0)
            {
                return EndpointResolution.Found(ToEndpoint(result.Addresses[0]));
            }

            if (result.IsPermanent || attempt == _retries)
            {
                return EndpointResolution.NotFound(result.Message);
            }

            _options.Log.WriteLine($"[!] {endpoint}: {result.Message}. Trying again in {pause.TotalSeconds:0.0} seconds...");
            if (_options.Cancellation.WaitHandle.WaitOne(pause))
            {
                throw new OperationCanceledException(_options.Cancellation);
            }

            pause = TimeSpan.FromTicks(Math.Min((long)(pause.Ticks * Growth), LongestPause.Ticks));
        }
    }

    private static IpEndpoint ToEndpoint(UdpAddress address)
    {
        IpAddress host = address.IsV6 ? IpAddress.V6(address.High, address.Low) : IpAddress.V4((uint)(address.High >> 32));
        return new IpEndpoint(host, address.Port, address.ScopeId);
    }
}
