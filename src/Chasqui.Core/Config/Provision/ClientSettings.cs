using System.Globalization;

namespace Chasqui.Core.Config.Provision;

/// <summary>What a client is told of the hub it connects to; in a hub's file they are comments, which stock tools skip.</summary>
/// <remarks>
/// In <c>[Interface]</c> they are for all clients: <c># Endpoint = vpn.example.com:51820</c>, <c># ClientAllowedIPs = …</c>,
/// <c># ClientDNS = …</c>, <c># ClientMTU = …</c>, <c># ClientKeepalive = …</c>. In <c>[Peer]</c> they are what this one was given
/// instead, the endpoint as <c># ClientEndpoint</c>.
/// </remarks>
public sealed record ClientSettings
{
    private const string AllowedIpsLabel = "ClientAllowedIPs";
    private const string DnsLabel = "ClientDNS";
    private const string MtuLabel = "ClientMTU";
    private const string KeepaliveLabel = "ClientKeepalive";

    /// <summary>The hub as clients reach it, <c>HOST:PORT</c>; null if nothing is said.</summary>
    public string? Endpoint { get; init; }

    /// <summary>What the client sends through the tunnel; null if nothing is said.</summary>
    public AllowedIpsExpression? AllowedIps { get; init; }

    /// <summary>Name servers and search domains with commas between them; null if nothing is said.</summary>
    public string? Dns { get; init; }

    /// <summary>The MTU of the client's interface in bytes; null if nothing is said.</summary>
    public int? Mtu { get; init; }

    /// <summary>The client's interval of keepalives in seconds, 0 for off; null if nothing is said.</summary>
    public ushort? PersistentKeepaliveSeconds { get; init; }

    /// <summary>Reads the comments of a section.</summary>
    /// <param name="section">An interface's or a peer's section.</param>
    /// <param name="port">The port of an endpoint that names none; 0 if it must.</param>
    /// <param name="file">The file's name for messages, or null.</param>
    /// <exception cref="ConfigException">A comment has a value that cannot be meant.</exception>
    public static ClientSettings Read(ConfSection section, ushort port, string? file)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new ClientSettings
        {
            Endpoint = Read(section, EndpointLabel(section), file, text => ClientValues.ReadEndpoint(text, port)),
            AllowedIps = Read(section, AllowedIpsLabel, file, AllowedIpsExpression.Parse),
            Dns = Read(section, DnsLabel, file, ClientValues.ReadDns),
            Mtu = Read<int?>(section, MtuLabel, file, static text => ClientValues.ReadMtu(text)),
            PersistentKeepaliveSeconds = Read<ushort?>(section, KeepaliveLabel, file, static text => ClientValues.ReadKeepalive(text)),
        };
    }

    /// <summary>Writes what is said as comments of a section; comments about the rest stay.</summary>
    public void WriteTo(ConfSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Write(section, KeepaliveLabel, PersistentKeepaliveSeconds?.ToString(CultureInfo.InvariantCulture));
        Write(section, MtuLabel, Mtu?.ToString(CultureInfo.InvariantCulture));
        Write(section, DnsLabel, Dns);
        Write(section, AllowedIpsLabel, AllowedIps?.ToString());
        Write(section, EndpointLabel(section), Endpoint);
    }

    /// <summary>These settings, and others where they say nothing.</summary>
    public ClientSettings Or(ClientSettings others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new ClientSettings
        {
            Endpoint = Endpoint ?? others.Endpoint,
            AllowedIps = AllowedIps ?? others.AllowedIps,
            Dns = Dns ?? others.Dns,
            Mtu = Mtu ?? others.Mtu,
            PersistentKeepaliveSeconds = PersistentKeepaliveSeconds ?? others.PersistentKeepaliveSeconds,
        };
    }

    private static string EndpointLabel(ConfSection section) => section.Kind == ConfSectionKind.Interface ? "Endpoint" : "ClientEndpoint";

    private static T? Read<T>(ConfSection section, string label, string? file, Func<string, T> read)
    {
        if (section.GetNote(label) is not { } text)
        {
            return default;
        }

        try
        {
            return read(text);
        }
        catch (ConfigException exception)
        {
            throw new ConfigException(file, section.Number, $"# {label}", exception.Reason);
        }
    }

    private static void Write(ConfSection section, string label, string? text)
    {
        if (text is not null)
        {
            section.SetNote(label, text);
        }
    }
}
