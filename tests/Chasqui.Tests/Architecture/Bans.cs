namespace Chasqui.Tests.Architecture;

/// <summary>What each assembly must not refer to: the never-arrows that point out of the project.</summary>
internal static class Bans
{
    private const string NoEdges = "the core has no edges: bytes and time go in and come out of its verbs, so that it runs in a simulation";
    private const string NoThreads = "the core starts, parks and schedules nothing: it is called, on whatever thread, and returns";
    private const string NoClock = "time is an argument: a core that reads a clock cannot be tested in virtual time";
    private const string NoChance = "randomness is an argument (IEntropy): a core that draws its own cannot be replayed from a seed";
    private const string NoLogs = "the core counts and returns reasons; whether and how something is told is the engine's decision";
    private const string NoReflection = "reflection breaks trimming and NativeAOT, and hides arrows from this very test";

    /// <summary>Rule 1.</summary>
    public static IReadOnlyList<Ban> Core { get; } =
    [
        new("System.Net.*", NoEdges, "System.Net.IPAddress"),
        new("System.IO.*", NoEdges, "System.IO.TextReader", "System.IO.TextWriter", "System.IO.StringReader", "System.IO.StringWriter"),
        new("System.Console", NoEdges),
        new("System.Environment", NoEdges, "System.Environment::get_CurrentManagedThreadId"), // the compiler's iterators ask for it
        new("System.AppContext", NoEdges),
        new("System.Diagnostics.Process", NoEdges),
        new("System.Diagnostics.ProcessStartInfo", NoEdges),
        new("System.Runtime.InteropServices.NativeLibrary", NoEdges),
        new("System.Threading.*", NoThreads,
            "System.Threading.Lock", "System.Threading.Lock+Scope", "System.Threading.Interlocked", "System.Threading.Volatile"),
        new("System.Timers.*", NoThreads),
        new("System.Runtime.CompilerServices.AsyncTaskMethodBuilder", NoThreads),
        new("System.Runtime.CompilerServices.AsyncVoidMethodBuilder", NoThreads),
        new("System.Diagnostics.Stopwatch", NoClock),
        new("System.TimeProvider", NoClock),
        new("System.DateTime::get_Now", NoClock),
        new("System.DateTime::get_UtcNow", NoClock),
        new("System.DateTime::get_Today", NoClock),
        new("System.DateTimeOffset::get_Now", NoClock),
        new("System.DateTimeOffset::get_UtcNow", NoClock),
        new("System.Random", NoChance),
        new("System.Security.Cryptography.RandomNumberGenerator", NoChance),
        new("System.Guid::NewGuid", NoChance),
        new("System.Guid::CreateVersion7", NoChance),
        new("Microsoft.Extensions.*", NoLogs),
        new("System.Diagnostics.Trace", NoLogs),
        new("System.Diagnostics.TraceSource", NoLogs),
        new("System.Diagnostics.Tracing.*", NoLogs),
        new("System.Diagnostics.Metrics.*", NoLogs),
        new("System.Diagnostics.Activity", NoLogs),
        new("System.Diagnostics.ActivitySource", NoLogs),
        new("System.Reflection.*", NoReflection),
        new("System.Activator", NoReflection),
        new("System.Type::*", NoReflection, // records compare the types of what they compare
            "System.Type::GetTypeFromHandle", "System.Type::op_Equality", "System.Type::op_Inequality"),
    ];

    /// <summary>Rule 3, the part that P/Invoke declarations do not show.</summary>
    public static IReadOnlyList<Ban> OutsideLinux { get; } =
    [
        new("System.Runtime.InteropServices.NativeLibrary", "the kernel is reached through Chasqui.Linux, where every layout is tested"),
    ];

    /// <summary>Rule 4.</summary>
    public static IReadOnlyList<Ban> Engine { get; } =
    [
        new("System.Console", "the engine is a library too: its host may have no console, or use it for something else"),
    ];

    /// <summary>Rule 5, as far as metadata shows it: the allocation tests hold the rest.</summary>
    public static IReadOnlyList<Ban> PacketLoops { get; } =
    [
        new("System.Runtime.CompilerServices.AsyncTaskMethodBuilder", "a packet loop owns its thread and blocks in the kernel"),
        new("System.Runtime.CompilerServices.AsyncTaskMethodBuilder`1", "a packet loop owns its thread and blocks in the kernel"),
        new("System.Runtime.CompilerServices.AsyncValueTaskMethodBuilder", "a packet loop owns its thread and blocks in the kernel"),
        new("System.Runtime.CompilerServices.AsyncValueTaskMethodBuilder`1", "a packet loop owns its thread and blocks in the kernel"),
        new("System.Runtime.CompilerServices.AsyncVoidMethodBuilder", "nobody ever hears of what goes wrong in an async void method"),
    ];

    /// <summary>One line for each use that one of the bans forbids.</summary>
    public static IEnumerable<string> Violations(string rule, IEnumerable<Ban> bans, IEnumerable<Use> uses) =>
        from use in uses
        from ban in bans
        where ban.Forbids(use)
        select $"{rule}: {use}; it must not, because {ban.Why}";
}
