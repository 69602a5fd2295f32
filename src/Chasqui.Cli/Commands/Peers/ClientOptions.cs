using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;

namespace Chasqui.Cli.Commands.Peers;

/// <summary>The options of <c>new</c> and <c>peer add</c> that say what a client is told of the hub.</summary>
internal static class ClientOptions
{
    private const string Endpoint = "--endpoint";
    private const string Dns = "--dns";
    private const string AllowedIps = "--client-allowed-ips";
    private const string Exclude = "--exclude";
    private const string Everything = "0.0.0.0/0, ::/0";

    /// <summary>The MTU's option: <c>new</c> gives it to the hub itself.</summary>
    internal const string Mtu = "--mtu";

    /// <summary>The keepalive's option.</summary>
    internal const string Keepalive = "--keepalive";

    /// <summary>The options that both commands take.</summary>
    internal static Option[] Declared { get; } =
    [
        new(Endpoint, "HOST[:PORT]", "This machine as clients reach it; without it, its own address"),
        new(Dns, "A[,B]", "Name servers and search domains of clients"),
        new(AllowedIps, "LIST", "What clients send through the tunnel, as of `chasqui ips'; without it, the interface's networks"),
        new(Exclude, "LIST", "What clients send past the tunnel, of all else: private, 192.168.0.0/16, ...") { IsRepeatable = true },
        new(Mtu, "BYTES", "The interface's MTU; without it, what the way allows"),
        new(Keepalive, "SECONDS", "Clients' interval of keepalives, or off; without it, 25"),
    ];

    /// <summary>The same for one client, which has an MTU of its own.</summary>
    internal static Option[] DeclaredOfPeer { get; } =
    [
        .. Declared.Select(static option => option.Name == Mtu ? option with { Summary = "The client's MTU; without it, what its way allows" } : option),
    ];

    /// <summary>Reads the options.</summary>
    /// <param name="values">What was given.</param>
    /// <param name="port">The port of an endpoint that names none; 0 if it must.</param>
    /// <exception cref="ConfigException">A value is wrong.</exception>
    internal static ClientSettings Read(OptionValues values, ushort port) => new()
    {
        Endpoint = values.Read(Endpoint, text => ClientValues.ReadEndpoint(text, port)),
        Dns = values.Read(Dns, ClientValues.ReadDns),
        AllowedIps = ReadAllowedIps(values),
        Mtu = values.Read<int?>(Mtu, static text => ClientValues.ReadMtu(text)),
        PersistentKeepaliveSeconds = values.Read<ushort?>(Keepalive, static text => ClientValues.ReadKeepalive(text)),
    };

    private static AllowedIpsExpression? ReadAllowedIps(OptionValues values)
    {
        AllowedIpsExpression? all = values.Read(AllowedIps, AllowedIpsExpression.Parse);
        foreach (string text in values.GetAll(Exclude))
        {
            all = (all ?? AllowedIpsExpression.Parse(Everything)).Without(ReadExcluded(text));
        }

        return all is { } read && read.ToSet().IsEmpty
            ? throw new ConfigException($"{(values.Has(Exclude) ? Exclude : AllowedIps)} leaves no address for the tunnel; exclude less.")
            : all;
    }

    private static AllowedIpsExpression ReadExcluded(string text)
    {
        try
        {
            return AllowedIpsExpression.Parse(text);
        }
        catch (ConfigException exception)
        {
            throw new ConfigException(null, 0, Exclude, exception.Reason);
        }
    }
}
