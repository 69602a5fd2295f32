namespace Chasqui.Core.RouterOs;

/// <summary>A WireGuard interface of a RouterOS script as a configuration file.</summary>
public sealed class RouterOsInterface
{
    internal RouterOsInterface(string name, string originalName, int line, string conf)
    {
        Name = name;
        OriginalName = originalName;
        Line = line;
        Conf = conf;
    }

    /// <summary>A name that an interface can have here; no two interfaces of a script have the same.</summary>
    public string Name { get; }

    /// <summary>The name on RouterOS.</summary>
    public string OriginalName { get; }

    /// <summary>Where the script adds it, from 1.</summary>
    public int Line { get; }

    /// <summary>The text of a file for wg-quick(8). It may hold secrets.</summary>
    public string Conf { get; }
}
