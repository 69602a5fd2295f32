using System.Diagnostics;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary><c>reload</c>, <c>diff</c> and <c>confirm</c> as programs: what they say, how they end, and what is rolled back.</summary>
public sealed class ReloadConfirmTests : SystemTest
{
    private const string Before = "Address = 10.8.0.2/24, fd00:8::2/64|10.5.0.0/16";
    private const string After = "Address = 10.8.0.3/24\nMTU = 1300|0.0.0.0/0|10.6.0.0/16";

    [Fact]
    public void ADryRunTellsAndChangesNothing()
    {
        using ReloadScene scene = Up();
        string state = scene.State;

        CommandResult result = Command.Succeed(scene.Quick.Try("reload", "--dry-run"));

        string[] steps = result.Output.Split("[#] ", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith($"wg set {scene.Quick.Interface} fwmark 51820 \\", steps[0], StringComparison.Ordinal);
        Assert.Contains($"ip -4 address add 10.8.0.3/24 dev {scene.Quick.Interface}\n", steps);
        Assert.Contains($"ip -4 route add 0.0.0.0/0 dev {scene.Quick.Interface} table 51820\n", steps);
        Assert.Equal(state, scene.State);
        Assert.Equal(state, Reloaded(scene, "reload", "--dry-run", "--confirm", "1"));
    }

    [Fact]
    public void EndsAsDiffDoes()
    {
        using ReloadScene scene = Up();

        CommandResult different = scene.Quick.Try("diff");
        Assert.Equal(1, different.ExitCode);
        Assert.Contains("\n[Interface]\n+ FwMark = 0xca6c\n- Address = 10.8.0.2/24\n", different.Output, StringComparison.Ordinal);

        CommandResult reload = Command.Succeed(scene.Quick.Try("reload"));
        Assert.Contains("[#] ip -4 address delete 10.8.0.2/24", reload.Error, StringComparison.Ordinal);
        CommandResult same = scene.Quick.Try("diff");
        Assert.Equal((0, "", ""), (same.ExitCode, same.Output, same.Error));
        CommandResult again = Command.Succeed(scene.Quick.Try("reload"));
        Assert.Contains("nothing to do", again.Error, StringComparison.Ordinal);

        scene.Write("Address = nonsense|10.5.0.0/16");
        CommandResult trouble = scene.Quick.Try("diff");
        Assert.Equal((2, ""), (trouble.ExitCode, trouble.Output));
        Assert.Contains($"{scene.Quick.File}:4: Address:", trouble.Error, StringComparison.Ordinal);
        Command.Succeed(Down(scene));
        Assert.Equal(2, scene.Quick.Try("diff").ExitCode);
        Assert.Equal(1, scene.Quick.Try("reload").ExitCode);
    }

    [Fact]
    public void WhatNobodyConfirmsIsRolledBack()
    {
        using ReloadScene scene = Up();
        string state = scene.State;
        var clock = Stopwatch.StartNew();

        CommandResult result = Command.Succeed(scene.Quick.Try("reload", "--confirm", "3"));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"it returned after {clock.Elapsed}");
        Assert.Contains($"Run `chasqui confirm {scene.Quick.Interface}' within 3 seconds", result.Error, StringComparison.Ordinal);
        Assert.NotEqual(state, scene.State);
        Poll.Until(() => scene.State == state, "it was not rolled back", TimeSpan.FromSeconds(8));
        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(3));
        Poll.Until(() => scene.Quick.ProcessIds().Length == 1, "the process that waited stays");
        CommandResult late = scene.Quick.Try("confirm");
        Assert.Equal(1, late.ExitCode);
        Assert.Contains("its time is over", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsConfirmedStays()
    {
        using ReloadScene scene = Up();
        Command.Succeed(scene.Quick.Try("reload", "--confirm", "2"));
        string state = scene.State;

        CommandResult second = scene.Quick.Try("reload");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("waits to be confirmed for another", second.Error, StringComparison.Ordinal);
        Assert.Equal(1, scene.Quick.Try("reload", "--confirm", "2").ExitCode);
        Command.Succeed(scene.Quick.Try("confirm"));

        Poll.Until(() => scene.Quick.ProcessIds().Length == 1, "the process that waited stays");
        Assert.Equal(state, scene.State);
        Assert.Equal(0, scene.Quick.Try("diff").ExitCode);
    }

    [Fact]
    public void WhatIsRefusedIsRolledBackAtOnce()
    {
        using ReloadScene scene = Up();
        string state = scene.State;
        Command.Succeed(scene.Quick.Try("reload", "--confirm", "600"));

        Command.Succeed(scene.Quick.Try("confirm", "--undo"));

        Poll.Until(() => scene.State == state, "it was not rolled back");
    }

    [Fact]
    public void DownEndsTheWaiting()
    {
        using ReloadScene scene = Up();
        Command.Succeed(scene.Quick.Try("reload", "--confirm", "600"));

        Command.Succeed(Down(scene));

        Poll.Until(() => scene.Quick.ProcessIds().Length == 0, "the process that waited stays");
        Assert.False(File.Exists($"/run/chasqui/{scene.Quick.Interface}.confirm"));
        Assert.False(File.Exists($"/run/chasqui/{scene.Quick.Interface}.up"));
    }

    [Fact]
    public void ATerminalThatDiesIsNoConfirmation()
    {
        Programs.RequireTool("script");
        using ReloadScene scene = Up();
        string state = scene.State;
        (string[] command, IReadOnlyDictionary<string, string> environment) = scene.Quick.Prepare("reload", "--confirm", "3");
        using RunningProcess terminal = RunningProcess.Start(
            ["script", "-qec", $"{string.Join(' ', command)}; sleep 60", "/dev/null"], environment: environment);
        Poll.Until(() => terminal.Output.Contains("chasqui confirm", StringComparison.Ordinal), "it does not say how to confirm");
        string reloaded = scene.State;

        terminal.Kill();

        Assert.NotEqual(state, reloaded);
        Poll.Until(() => scene.State == state, "it was not rolled back", TimeSpan.FromSeconds(8));
    }

    [Fact]
    public void ATerminalThatLivesIsTold()
    {
        Programs.RequireTool("script");
        using ReloadScene scene = Up();
        (string[] command, IReadOnlyDictionary<string, string> environment) = scene.Quick.Prepare("reload", "--confirm", "1");

        using RunningProcess terminal = RunningProcess.Start(
            ["script", "-qec", $"{string.Join(' ', command)}; sleep 60", "/dev/null"], environment: environment);

        Poll.Until(
            () => terminal.Output.Contains($"[!] {scene.Quick.Interface}: not confirmed; what ran before is back", StringComparison.Ordinal),
            "nobody said that it was rolled back");
    }

    [Fact]
    public void TheProcessThatWaitsIsEndedByARollback()
    {
        using ReloadScene scene = Up();
        string state = scene.State;
        int daemon = Assert.Single(scene.Quick.ProcessIds());
        Command.Succeed(scene.Quick.Try("reload", "--confirm", "600"));
        int waiting = Assert.Single(scene.Quick.ProcessIds(), id => id != daemon);

        Command.Run($"kill -TERM {waiting}");

        Poll.Until(() => scene.State == state, "it was not rolled back");
    }

    [Fact]
    public void NoSecretIsWhereOthersCouldFindIt()
    {
        using ReloadScene scene = Up();
        int daemon = Assert.Single(scene.Quick.ProcessIds());
        scene.Write($"PrivateKey = {ReloadScene.OtherPrivateKey}|10.5.0.0/16");
        CommandResult result = Command.Succeed(scene.Quick.Try("reload", "--confirm", "600"));
        int waiting = Assert.Single(scene.Quick.ProcessIds(), id => id != daemon);

        string seen = result.Output + result.Error + File.ReadAllText($"/proc/{waiting}/cmdline") + File.ReadAllText($"/proc/{waiting}/environ")
            + File.ReadAllText($"/run/chasqui/{scene.Quick.Interface}.up");

        Assert.DoesNotContain(ReloadScene.PrivateKey, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(ReloadScene.OtherPrivateKey, seen, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"/run/chasqui/{scene.Quick.Interface}.confirm"));
        Command.Succeed(scene.Quick.Try("confirm"));
    }

    [Fact]
    public void AReloadThatFailsWaitsForNobody()
    {
        using ReloadScene scene = Up();
        scene.Network.Ip("route add 10.7.0.0/16 dev veth1");
        string state = scene.State;
        scene.Write("Address = 10.8.0.3/24|10.7.0.0/16");

        CommandResult result = scene.Quick.Try("reload", "--confirm", "600");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("`ip -4 route add 10.7.0.0/16", result.Error, StringComparison.Ordinal);
        Assert.Contains("Another interface may have that network already", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("What was done before it is undone.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(state, scene.State);
        Poll.Until(() => scene.Quick.ProcessIds().Length == 1, "a process waits");
    }

    private static string Reloaded(ReloadScene scene, string verb, params ReadOnlySpan<string> words)
    {
        Command.Succeed(scene.Quick.Try(verb, words));
        return scene.State;
    }

    private static CommandResult Down(ReloadScene scene)
    {
        scene.Write(Before);
        return scene.Quick.Try("down");
    }

    /// <summary>An interface that is up, by the program, and a file that says something else.</summary>
    private static ReloadScene Up()
    {
        var scene = new ReloadScene();
        scene.Write(Before);
        Command.Succeed(scene.Quick.Try("up"));
        scene.Write(After);
        return scene;
    }
}
