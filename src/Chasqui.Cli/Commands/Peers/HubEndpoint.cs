using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Wire;
using Chasqui.Provision;

namespace Chasqui.Cli.Commands.Peers;

/// <summary>Guesses how clients reach this machine, where nobody has said.</summary>
internal static class HubEndpoint
{
    /// <summary>Settings that have an endpoint: the one that is said, else this machine's own address.</summary>
    /// <param name="settings">What is said.</param>
    /// <param name="edit">The hub.</param>
    /// <param name="error">Where a guess is told.</param>
    /// <exception cref="ConfigException">There is nothing to guess from.</exception>
    internal static ClientSettings Complete(ClientSettings settings, PeerEdit edit, TextWriter error)
    {
        if (settings.Endpoint is not null)
        {
            return settings;
        }

        string remedy = $"give --endpoint HOST:PORT, or write a line `# Endpoint = HOST:PORT' below [Interface] in {edit.Path}.";
        if (edit.ListenPort == 0)
        {
            throw new ConfigException($"{edit.Path} has no ListenPort, so no client could find the interface; add one, or {remedy}");
        }

        IpAddress own = HostNetworks.FindOwnAddress();
        if (own.IsNone || edit.Hub.Addresses.Any(address => address.Address == own))
        {
            throw new ConfigException($"this machine has no default route to tell its address from; {remedy}");
        }

        string endpoint = ClientValues.ReadEndpoint(own.ToString(), edit.ListenPort);
        string guess = AllowedIpsExpression.PrivateNetworks.Contains(own)
            ? $"{endpoint} is this machine's own address, a private one: clients reach it from that network only"
            : $"{endpoint} is this machine's own address, a guess";
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[!] Endpoint = {guess}. If it is wrong, {remedy}"));
        return settings with { Endpoint = endpoint };
    }
}
