namespace Chasqui.Tests.Architecture;

/// <summary>Which part of Chasqui.Core may know which: rule 2, as a table.</summary>
internal static class CoreLayers
{
    /// <summary>The values that everything speaks in. They know nothing but each other.</summary>
    private const string Ground = "the ground";

    /// <summary>The device and what belongs to it. It may know everything; nothing may know it.</summary>
    private const string Device = "the device";

    private const string Root = "Chasqui.Core";

    // A type that is added to the root namespace belongs to the device, unless it is named here.
    private static readonly string[] GroundTypes = ["DropReason", "IEntropy", "Instant", "Moment", "PacketSlot", "ProtocolConstants"];

    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        [Ground] = [],
        ["Keys"] = [Ground],
        ["Crypto"] = [Ground, "Keys"],
        ["Wire"] = [Ground, "Keys"],
        ["Noise"] = [Ground, "Keys", "Crypto", "Wire"],
        ["Sessions"] = [Ground, "Keys", "Crypto", "Wire", "Noise"],
        ["Timers"] = [Ground],
        ["Routing"] = [Ground, "Keys", "Wire"],
        ["DoS"] = [Ground, "Keys", "Crypto", "Wire", "Routing"],
        ["Diagnostics"] = [Ground, "Keys", "Wire"],
        ["Config"] = [Ground, "Keys", "Wire", "Routing"],
        ["Scripts"] = [Ground, "Keys", "Wire", "Config"],
        ["RouterOs"] = [Ground, "Keys", "Crypto", "Wire", "Config", "Scripts"], // a router keeps some peers by their private keys
        ["Uapi"] = [Ground, "Keys", "Wire", "Config"],
        ["Checks"] = [Ground, "Keys", "Crypto", "Wire", "Routing", "Config"],
        ["Explain"] = [Ground, "Keys", "Wire", "Config", "Diagnostics", Device], // what is told of a device, looked at from outside
        [Device] = [Ground, "Keys", "Crypto", "Wire", "Noise", "Sessions", "Timers", "Routing", "DoS", "Diagnostics", "Config"],
    };

    /// <summary>Says what is wrong with a use of one part of the core by another; null if nothing is.</summary>
    public static string? Violation(Use use)
    {
        if (LayerOf(use.From) is not { } from || LayerOf(use.Type) is not { } to || from == to)
        {
            return null;
        }

        if (!MayKnow.TryGetValue(from, out var known) || !MayKnow.ContainsKey(to))
        {
            return $"rule 2: {use}; {from} or {to} is in no row of CoreLayers: say there what it may know";
        }

        return known.Contains(to) ? null
            : $"rule 2: {use}; {from} must not know {to}, only {string.Join(", ", [from, .. known])}, because {Why(from)}";
    }

    private static string? LayerOf(string type)
    {
        if (!type.StartsWith(Root + ".", StringComparison.Ordinal))
        {
            return null;
        }

        var path = type[(Root.Length + 1)..];
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot >= 0 ? path[..dot] : GroundTypes.Contains(WithoutNesting(path)) ? Ground : Device;
    }

    private static string WithoutNesting(string path)
    {
        var end = path.IndexOfAny(['+', '`']);
        return end < 0 ? path : path[..end];
    }

    private static string Why(string from) => from switch
    {
        "Wire" => "messages are laid out once, for everybody: a view that knows who reads it serves nobody else",
        "Config" or "Scripts" or "RouterOs" or "Uapi" => "a configuration is read, written and compared without a device: by tools, tests and fuzzers",
        _ => "Crypto <- Noise <- Sessions <- Tunnel: each can be read, tested and replaced without what stands on it",
    };
}
