using System.Diagnostics;
using System.Globalization;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>
/// <c>up</c>, <c>reload</c> and <c>save</c>, killed at random moments: nothing is half written, and what a person would do next works.
/// </summary>
/// <remarks><c>CHASQUI_TEST_ROUNDS</c> has more rounds than a few; a seed is printed with each failure.</remarks>
public sealed class KilledCommandTests : SystemTest
{
    private const string Before = "Address = 10.71.0.1/24, fd00:71::1/64\nMTU = 1400|0.0.0.0/0, ::/0, 10.72.0.0/16";
    private const string After = "Address = 10.71.0.2/24\nDNS = 10.71.0.53\nTable = auto|10.73.0.0/16, 0.0.0.0/0|10.74.0.0/16";
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("CHASQUI_TEST_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 3;

    [Fact]
    public void AfterAKilledUpItCanBeTakenDownAndUp()
    {
        using var scene = new ReloadScene();
        scene.Write(Before);
        var milliseconds = Time(scene, "up");
        var up = scene.State;
        Succeed(scene, "down");
        var clean = scene.State; // src_valid_mark stays, as stock wg-quick leaves it

        ForEachRound(milliseconds, (pause, seed) =>
        {
            KillDuring(scene, "up", pause);
            var direct = scene.Quick.Try("up");
            if (!direct.Succeeded)
            {
                Assert.Contains("already", direct.Error, StringComparison.Ordinal);
                Succeed(scene, "down");
                Succeed(scene, "up");
            }

            Assert.True(up == scene.State, $"seed {seed}, killed after {pause} ms: the state is another\n{scene.State}\nnot\n{up}");
            Succeed(scene, "down");
            Assert.True(clean == scene.State, $"seed {seed}, killed after {pause} ms: something is left\n{scene.State}");
        });
    }

    [Fact]
    public void AfterAKilledReloadTheNextOneEndsWhereItWouldHave()
    {
        using var scene = new ReloadScene();
        scene.Write(Before);
        Succeed(scene, "up");
        Succeed(scene, "down");
        var clean = scene.State;
        Succeed(scene, "up");
        var before = scene.State;
        scene.Write(After);
        var milliseconds = Time(scene, "reload");
        var after = scene.State;

        ForEachRound(milliseconds, (pause, seed) =>
        {
            scene.Write(Before);
            Succeed(scene, "reload");
            Assert.True(before == scene.State, $"seed {seed}: back to\n{scene.State}\nnot\n{before}");
            scene.Write(After);
            KillDuring(scene, "reload", pause);
            Succeed(scene, "reload");
            Assert.True(after == scene.State, $"seed {seed}, killed after {pause} ms: the state is another\n{scene.State}\nnot\n{after}");
        });
        Succeed(scene, "down");
        Assert.Equal(clean, scene.State);
    }

    [Fact]
    public void AKilledSaveLeavesTheOldFileOrTheNewOne()
    {
        using var scene = new ReloadScene();
        scene.Write(Before);
        Succeed(scene, "up");
        var old = File.ReadAllText(scene.Quick.File);
        scene.Network.Run($"wg set {scene.Quick.Interface} peer {ReloadScene.OtherKey} allowed-ips 10.75.0.0/16");
        var milliseconds = Time(scene, "save");
        var saved = File.ReadAllText(scene.Quick.File);
        Assert.NotEqual(old, saved);

        ForEachRound(milliseconds, (pause, seed) =>
        {
            scene.Quick.Write(old);
            KillDuring(scene, "save", pause);
            Assert.Contains(File.ReadAllText(scene.Quick.File), (string[])[old, saved]);

            Succeed(scene, "save");
            Assert.True(saved == File.ReadAllText(scene.Quick.File), $"seed {seed}, killed after {pause} ms: saved\n{File.ReadAllText(scene.Quick.File)}");
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(scene.Quick.File)!, $"{Path.GetFileName(scene.Quick.File)}*"));
        });
    }

    /// <summary>Moments within the time that the whole takes, and a little beyond.</summary>
    private static void ForEachRound(double milliseconds, Action<int, int> round)
    {
        for (var i = 0; i < Rounds; i++)
        {
            var seed = Environment.TickCount ^ (i << 20);
            round(new Random(seed).Next((int)(milliseconds * 1.2) + 1), seed);
        }
    }

    private static double Time(ReloadScene scene, string verb)
    {
        var clock = Stopwatch.StartNew();
        Succeed(scene, verb);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static void Succeed(ReloadScene scene, string verb) => Command.Succeed(scene.Quick.Try(verb));

    private static void KillDuring(ReloadScene scene, string verb, int milliseconds)
    {
        var (command, environment) = scene.Quick.Prepare(verb);
        using (var process = RunningProcess.Start(command, environment: environment))
        {
            Thread.Sleep(milliseconds);
            process.Kill();
        }

        // What it had started ends by itself: a daemon that was starting is there, or is not.
        Poll.Until(() => scene.Quick.ProcessIds().Length <= 1, $"more than a daemon is left of {verb}", Settling);
        Thread.Sleep(100);
    }
}
