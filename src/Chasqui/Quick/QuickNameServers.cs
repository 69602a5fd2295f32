using Chasqui.Core.Config;

namespace Chasqui.Quick;

/// <summary>The name servers of an interface.</summary>
/// <param name="Servers">Their addresses, between blanks.</param>
/// <param name="SearchDomains">The domains that short names are looked for in, between blanks.</param>
internal readonly record struct QuickNameServers(string Servers, string SearchDomains)
{
    /// <summary>No name servers.</summary>
    internal static QuickNameServers None => new("", "");

    /// <summary>Whether there are none. Search domains alone are nothing, as in stock.</summary>
    internal bool IsNone => Servers.Length == 0;

    /// <summary>Those of a file.</summary>
    internal static QuickNameServers Of(QuickConf conf) =>
        conf.Dns.Count == 0 ? None : new QuickNameServers(string.Join(' ', conf.Dns), string.Join(' ', conf.DnsSearch));

    /// <summary>As a file's <c>DNS</c> has them.</summary>
    public override string ToString() => string.Join(", ", $"{Servers} {SearchDomains}".Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
