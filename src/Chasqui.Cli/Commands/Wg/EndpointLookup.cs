using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Names;
using Chasqui.Linux.Udp;

namespace Chasqui.Cli.Commands.Wg;

/// <summary>Resolves the names of endpoints as stock does: the first answer counts, and a failure that may pass is tried again.</summary>
/// <param name="error">Where a person is told of each new try.</param>
/// <param name="retries">How often; <see cref="EndpointRetries.Infinite"/> for ever.</param>
/// <param name="pause">Waits; a test does not.</param>
internal sealed class EndpointLookup(TextWriter error, int retries, Action<TimeSpan> pause)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    /// <summary>Finds an endpoint's address.</summary>
    internal EndpointResolution Resolve(ConfEndpoint endpoint)
    {
        TimeSpan wait = FirstPause;
        for (int left = retries; ; left = left > 0 ? left - 1 : left)
        {
            LookupResult result = AddressLookup.Resolve(endpoint.Host, endpoint.Service);
            if (result is { IsFound: true, Addresses: [UdpAddress first, ..] })
            {
                return EndpointResolution.Found(ToEndpoint(first));
            }

            string failure = result.IsFound ? "Neither IPv4 nor IPv6 address found" : result.Message;
            if (result.IsFound || result.IsPermanent || left == 0)
            {
                return EndpointResolution.NotFound(failure);
            }

            error.Write(string.Create(
                CultureInfo.InvariantCulture, $"{failure}: `{endpoint.Text}'. Trying again in {wait.TotalSeconds:F2} seconds...\n"));
            pause(wait);
            TimeSpan next = wait * 6 / 5;
            wait = next < LongestPause ? next : LongestPause;
        }
    }

    private static IpEndpoint ToEndpoint(UdpAddress address) => address.IsV4
        ? new IpEndpoint(IpAddress.V4((uint)(address.High >> 32)), address.Port)
        : new IpEndpoint(IpAddress.V6(address.High, address.Low), address.Port, address.ScopeId);
}
