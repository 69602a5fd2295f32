using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick;

/// <summary>What a file's <c>Table</c> says: routes where they belong, in one table, or none. Source: wg-quick(8).</summary>
/// <param name="IsOff">Whether no routes are made.</param>
/// <param name="Number">The table that all routes go to; 0 for the main one, and a table of its own for a default route.</param>
/// <param name="Text">As the file has it.</param>
internal readonly record struct QuickTable(bool IsOff, uint Number, string Text)
{
    /// <summary>Routes in the main table, and a default route in a table of its own.</summary>
    internal static QuickTable Auto => new(false, 0, "auto");

    /// <summary>No routes.</summary>
    internal static QuickTable Off => new(true, 0, "off");

    /// <summary>Whether a default route takes a table, a mark and rules of its own.</summary>
    internal bool IsAuto => !IsOff && Number == 0;

    /// <summary>Reads a file's table.</summary>
    /// <exception cref="ConfigException">There is no such table.</exception>
    internal static QuickTable Read(QuickConf conf, string path)
    {
        if (conf.IsTableOff || conf.Table is not { } written)
        {
            return conf.IsTableOff ? Off : Auto;
        }

        return RoutingTables.TryFind(written.Text, out uint table)
            ? new QuickTable(false, table, written.Text)
            : throw new ConfigException(
                path, written.Line, ConfKeys.Table, $"{ConfigException.Quote(written.Text)} is neither off nor auto, nor a routing table's number or name.");
    }

    /// <summary>What <c>ip route</c> is given to name a table; nothing for the main one.</summary>
    internal static string Words(uint table) =>
        table is 0 or RouteInfo.MainTable ? "" : string.Create(CultureInfo.InvariantCulture, $" table {table}");

    /// <summary><c>auto</c>, <c>off</c> or the number.</summary>
    public override string ToString() => IsOff ? "off" : Number == 0 ? "auto" : Number.ToString(CultureInfo.InvariantCulture);
}
