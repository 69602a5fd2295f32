using Chasqui.Tests.Architecture;

namespace Chasqui.Tests;

/// <summary>The arrows that must never be drawn, read from the assemblies as they were built.</summary>
public sealed class NeverArrowsTests
{
    private static readonly AssemblyScan Core = AssemblyScan.Read("Chasqui.Core");
    private static readonly AssemblyScan Linux = AssemblyScan.Read("Chasqui.Linux");
    private static readonly AssemblyScan Engine = AssemblyScan.Read("Chasqui");
    private static readonly AssemblyScan Cli = AssemblyScan.Read("Chasqui.Cli");

    [Fact]
    public void Rule1_CoreTouchesNothingOutsideItself() => AssertNone(Bans.Violations("rule 1", Bans.Core, Core.Uses));

    [Fact]
    public void Rule1_CoreReferencesTheBaseLibraryAndOneCryptoPackageAtMost()
    {
        var others = Core.References.Where(name => !IsBaseLibrary(name)).ToList();

        Assert.DoesNotContain(others, IsOurs);
        Assert.True(others.Count <= 1, $"rule 1: Chasqui.Core references {string.Join(", ", others)}; one crypto package, chosen in an ADR, is all it may have");
    }

    [Fact]
    public void Rule2_InsideCoreTheArrowsPointDown() => AssertNone(Core.Uses.Select(CoreLayers.Violation).OfType<string>());

    [Fact]
    public void Rule3_LinuxKnowsNoWireGuard() =>
        AssertNone(Linux.References.Where(IsOurs).Select(
            name => $"rule 3: Chasqui.Linux references {name}; the kernel is a leaf, usable and testable without any protocol"));

    [Fact]
    public void Rule3_OnlyLinuxDeclaresPInvokes()
    {
        AssemblyScan[] others = [Core, Engine, Cli];

        AssertNone(others.SelectMany(assembly => assembly.PInvokes).Select(
            method => $"rule 3: {method} is a P/Invoke; those belong into Chasqui.Linux, where layouts and constants are tested against C"));
        AssertNone(others.SelectMany(assembly => Bans.Violations("rule 3", Bans.OutsideLinux, assembly.Uses)));
    }

    [Fact]
    public void Rule4_EngineNeverWritesToAConsole() => AssertNone(Bans.Violations("rule 4", Bans.Engine, Engine.Uses));

    [Fact]
    public void Rule4_EngineAndCoreHoldNoStaticState() =>
        AssertNone(Engine.MutableStatics.Concat(Core.MutableStatics).Select(
            field => $"rule 4: {field} is static and can change; two devices in one process would share it"));

    [Fact]
    public void Rule5_ThePacketLoopsNeverAwait() =>
        AssertNone(Bans.Violations(
            "rule 5", Bans.PacketLoops, Engine.Uses.Where(use => use.From.StartsWith("Chasqui.Device.", StringComparison.Ordinal))));

    private static bool IsOurs(string name) => name == "Chasqui" || name.StartsWith("Chasqui.", StringComparison.Ordinal);

    private static bool IsBaseLibrary(string name) =>
        name is "System" or "mscorlib" or "netstandard" || name.StartsWith("System.", StringComparison.Ordinal);

    private static void AssertNone(IEnumerable<string> violations)
    {
        var found = violations.Distinct().Order().ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }
}
