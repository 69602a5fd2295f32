using System.Text.Json;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;

namespace Chasqui.Control;

/// <summary>Kinds of events and reasons of drops as the control protocol writes them: the names of the enums in camel case.</summary>
/// <remarks>INVARIANT: both enums count from 0 without gaps.</remarks>
internal static class ControlNames
{
    /// <summary>The kinds, each at its number.</summary>
    internal static IReadOnlyList<string> Kinds => KindNames;

    /// <summary>The reasons, each at its number.</summary>
    internal static IReadOnlyList<string> Reasons => ReasonNames;

    private static readonly string[] KindNames = CamelCase(Enum.GetNames<TunnelEventKind>());
    private static readonly string[] ReasonNames = CamelCase(Enum.GetNames<DropReason>());

    internal static string Of(TunnelEventKind kind) => KindNames[(int)kind];

    internal static string Of(DropReason reason) => ReasonNames[(int)reason];

    internal static bool TryParse(string? name, out TunnelEventKind kind)
    {
        int index = Array.IndexOf(KindNames, name);
        kind = (TunnelEventKind)Math.Max(index, 0);
        return index >= 0;
    }

    internal static bool TryParse(string? name, out DropReason reason)
    {
        int index = Array.IndexOf(ReasonNames, name);
        reason = (DropReason)Math.Max(index, 0);
        return index >= 0;
    }

    private static string[] CamelCase(string[] names) => Array.ConvertAll(names, JsonNamingPolicy.CamelCase.ConvertName);
}
