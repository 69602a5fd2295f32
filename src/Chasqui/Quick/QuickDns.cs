namespace Chasqui.Quick;

/// <summary>Tells the machine's resolver about the name servers of an interface: resolvconf as stock does, else systemd-resolved.</summary>
internal sealed class QuickDns
{
    private const string InterfaceOrder = "/etc/resolvconf/interface-order";
    private const string SystemdResolved = "/run/systemd/resolve";

    private readonly HostPrograms _programs;
    private readonly string _interfaceName;
    private readonly QuickNameServers _names;

    internal QuickDns(HostPrograms programs, string interfaceName, QuickNameServers names)
    {
        _programs = programs;
        _interfaceName = interfaceName;
        _names = names;
    }

    /// <summary>Whether there is anything to tell. Search domains alone are nothing, as in stock.</summary>
    internal bool IsWanted => !_names.IsNone;

    private bool IsResolved => _programs.Find("resolvconf") is null && _programs.Find("resolvectl") is not null && Directory.Exists(SystemdResolved);

    private string Label => Prefix() + _interfaceName;

    internal string SetWords => IsResolved
        ? $"resolvectl dns {_interfaceName} {_names.Servers}"
        : $"resolvconf -a {Label} -m 0 -x";

    internal string UnsetWords => IsResolved ? $"resolvectl revert {_interfaceName}" : $"resolvconf -d {Label} -f";

    internal void Set()
    {
        if (!IsResolved)
        {
            _programs.Run("resolvconf", ["-a", Label, "-m", "0", "-x"], Records());
            return;
        }

        _programs.Run("resolvectl", ["dns", _interfaceName, .. Words(_names.Servers)], input: null);

        // resolvconf's -x: these servers are asked for every name.
        _programs.Run("resolvectl", ["domain", _interfaceName, "~.", .. Words(_names.SearchDomains)], input: null);
        _programs.Run("resolvectl", ["default-route", _interfaceName, "true"], input: null);
    }

    /// <summary>Whether the resolver must be told that the interface has gone: systemd-resolved sees that by itself.</summary>
    internal bool OutlivesLink => IsWanted && !IsResolved;

    internal void Unset()
    {
        if (IsResolved)
        {
            _programs.Run("resolvectl", ["revert", _interfaceName], input: null);
        }
        else
        {
            _programs.Run("resolvconf", ["-d", Label, "-f"], input: null);
        }
    }

    private string Records()
    {
        string servers = string.Concat(Words(_names.Servers).Select(static server => $"nameserver {server}\n"));
        return _names.SearchDomains.Length == 0 ? servers : $"{servers}search {_names.SearchDomains}\n";
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Debian's resolvconf orders interfaces by patterns such as <c>tun.*</c>: the first one puts ours on top.</summary>
    private string Prefix()
    {
        if (!File.Exists(InterfaceOrder) || _programs.Find("resolvconf") is not { } program || File.ResolveLinkTarget(program, false) is not null)
        {
            return "";
        }

        foreach (string line in File.ReadLines(InterfaceOrder))
        {
            ReadOnlySpan<char> pattern = line.AsSpan().Trim();
            if (pattern is [.., '*'] && pattern.Length > 1 && IsPlain(pattern[..^1]))
            {
                return $"{pattern[..^1]}.";
            }
        }

        return "";
    }

    private static bool IsPlain(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
