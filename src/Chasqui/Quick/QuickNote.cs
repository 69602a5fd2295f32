using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Processes;
using Chasqui.Quick.Reload;

namespace Chasqui.Quick;

/// <summary>What was last made of an interface's file, as far as the machine cannot be asked: a small file in <c>/run/chasqui</c>.</summary>
/// <remarks>
/// Root's only, and without secrets: of commands it holds a hash. It belongs to one interface of one index; a note about another that had
/// the name is none. Whoever has none (stock <c>wg-quick</c> brought the interface up) is told so by null, and guesses.
/// Shape: lines of <c>key=value</c>; lines that are something else are passed over.
/// </remarks>
internal sealed record QuickNote
{
    private const string Suffix = ".up";

    // Whatever the umask: who can write the folder can take a note away.
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>The index of the interface.</summary>
    internal required uint Index { get; init; }

    /// <summary>The table, as <see cref="QuickTable.ToString"/> has it.</summary>
    internal string Table { get; init; } = "auto";

    /// <summary>The name servers that the resolver was told.</summary>
    internal QuickNameServers NameServers { get; init; } = QuickNameServers.None;

    /// <summary>A hash of the commands of the last <c>up</c>.</summary>
    internal string Hooks { get; init; } = "";

    /// <summary>The endpoints as the file had them, by public key.</summary>
    internal IReadOnlyDictionary<string, string> Endpoints { get; init; } = new Dictionary<string, string>();

    /// <summary>Routes that a reload under way takes away: of our making, though no running peer is allowed their networks any more.</summary>
    internal IReadOnlyList<QuickRoute> Leaving { get; init; } = [];

    /// <summary>Rules that hide the main table's default route and that such a reload takes away, after the rule that tells whose they are.</summary>
    internal IReadOnlyList<RuleInfo> LeavingRules { get; init; } = [];

    /// <summary>The note about a file that has just been carried out.</summary>
    internal static QuickNote Of(QuickFile file, WgConf device, uint index) => new()
    {
        Index = index,
        Table = QuickTable.Read(file.Conf, file.Path).ToString(),
        NameServers = QuickNameServers.Of(file.Conf),
        Hooks = HashHooks(file.Conf),
        Endpoints = EndpointsOf(device),
    };

    /// <summary>A hash of the commands that <c>up</c> runs.</summary>
    internal static string HashHooks(QuickConf conf)
    {
        string text = string.Join('\n', conf.PreUp.Concat(conf.PostUp).Select(static hook => hook.Text));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Reads an interface's note.</summary>
    /// <returns>Null if there is none of this index.</returns>
    internal static QuickNote? Read(string folder, string interfaceName, uint index)
    {
        try
        {
            return Parse(File.ReadAllText(PathOf(folder, interfaceName))) is { } note && note.Index == index ? note : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes an interface's note. Where that cannot be, it says so, and there is none.</summary>
    internal void Write(string folder, string interfaceName, TextWriter log)
    {
        string path = PathOf(folder, interfaceName);
        try
        {
            _ = Directory.CreateDirectory(folder, FolderMode);
            AtomicFile.Replace(path, Encoding.UTF8.GetBytes(ToString()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.WriteLine(
                $"[!] {path} is not written: {exception.Message}. The interface is as its file says; but what a later `reload' or `diff' takes for its name servers and "
                + "commands so far may be wrong. Make the folder writable, with room in it, and take the interface down and up");
            Delete(folder, interfaceName);
        }
    }

    /// <summary>Removes an interface's note, if there is one.</summary>
    internal static void Delete(string folder, string interfaceName)
    {
        try
        {
            File.Delete(PathOf(folder, interfaceName));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is about an index that will not come again soon.
        }
    }

    /// <summary>Reads a note's text.</summary>
    /// <returns>Null if it names no interface.</returns>
    internal static QuickNote? Parse(string text)
    {
        var note = new QuickNote { Index = 0 };
        Dictionary<string, string> endpoints = [];
        List<QuickRoute> leaving = [];
        List<RuleInfo> rules = [];
        foreach (string line in text.Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            (string key, string value) = equals < 0 ? (line, "") : (line[..equals], line[(equals + 1)..]);
            if (key == "endpoint" && value.Split(' ') is [var peer, var endpoint])
            {
                endpoints[peer] = endpoint;
            }
            else if (key == "leaving" && ParseRoute(value) is { } route)
            {
                leaving.Add(route);
            }
            else if (key == "leaving-rule" && ParseRule(value) is { } rule)
            {
                rules.Add(rule);
            }
            else
            {
                note = note.With(key, value);
            }
        }

        return note.Index == 0 ? null : note with { Endpoints = endpoints, Leaving = leaving, LeavingRules = rules };
    }

    /// <summary>The text of the note.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"index={Index}\ntable={Table}\n");
        text.Append(CultureInfo.InvariantCulture, $"dns={NameServers.Servers}\nsearch={NameServers.SearchDomains}\nhooks={Hooks}\n");
        foreach ((string peer, string endpoint) in Endpoints)
        {
            text.Append(CultureInfo.InvariantCulture, $"endpoint={peer} {endpoint}\n");
        }

        foreach (QuickRoute route in Leaving)
        {
            text.Append(CultureInfo.InvariantCulture, $"leaving={route.Prefix} {route.Table}\n");
        }

        foreach (RuleInfo rule in LeavingRules)
        {
            text.Append(CultureInfo.InvariantCulture, $"leaving-rule={(rule.IsV6 ? 6 : 4)} {rule.Priority}\n");
        }

        return text.ToString();
    }

    private static QuickRoute? ParseRoute(string text) =>
        text.Split(' ') is [var prefix, var number] && IpPrefix.TryParse(prefix, out IpPrefix to)
        && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out uint table) && table != 0
            ? new QuickRoute(to, table)
            : null;

    private static RuleInfo? ParseRule(string text) =>
        text.Split(' ') is ["4" or "6", var number] && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out uint priority)
            ? QuickRouting.HidingDefault(text[0] == '6') with { Priority = priority }
            : null;

    private static string PathOf(string folder, string interfaceName) => Path.Combine(folder, interfaceName + Suffix);

    private static Dictionary<string, string> EndpointsOf(WgConf device)
    {
        Dictionary<string, string> endpoints = [];
        foreach (WgConfPeer peer in device.Peers)
        {
            if (peer.Endpoint is { } endpoint && !endpoint.Text.Any(static c => char.IsWhiteSpace(c)))
            {
                endpoints[peer.PublicKey.ToString()] = endpoint.Text;
            }
        }

        return endpoints;
    }

    private QuickNote With(string key, string value) => key switch
    {
        "index" => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint index) ? this with { Index = index } : this,
        "table" => this with { Table = value },
        "dns" => this with { NameServers = NameServers with { Servers = value } },
        "search" => this with { NameServers = NameServers with { SearchDomains = value } },
        "hooks" => this with { Hooks = value },
        _ => this,
    };
}
