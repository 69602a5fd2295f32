using System.Diagnostics;
using System.Globalization;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>
/// <c>up</c>, <c>reload</c> and <c>save</c>, killed at random moments: nothing is half written, and what a person would do next works.
/// </summary>
/// <remarks>
/// <c>CHASQUI_TEST_ROUNDS</c> has more rounds than a few; a seed is printed with each failure, and <c>CHASQUI_TEST_SEED</c> begins with it.
/// </remarks>
public sealed class KilledCommandTests : SystemTest
{
    private const string Before = "Address = 10.71.0.1/24, fd00:71::1/64\nMTU = 1400|0.0.0.0/0, ::/0, 10.72.0.0/16";
    private const string After = "Address = 10.71.0.2/24\nDNS = 10.71.0.53\nTable = auto|10.73.0.0/16, 0.0.0.0/0|10.74.0.0/16";
    private const int KilledExitCode = 128 + 9;

    /// <summary>A reload's first messages to the kernel, by which it reads how things are.</summary>
    private const int MessagesThatAsk = 6;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    private static int Rounds => Number("CHASQUI_TEST_ROUNDS") ?? 3;

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
            var wasAlive = KillDuring(scene, "up", pause);
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
            return wasAlive;
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
            var wasAlive = KillDuring(scene, "reload", pause);
            Succeed(scene, "reload");
            Assert.True(after == scene.State, $"seed {seed}, killed after {pause} ms: the state is another\n{scene.State}\nnot\n{after}");
            return wasAlive;
        });
        Succeed(scene, "down");
        Assert.Equal(clean, scene.State);
    }

    /// <summary>Not at a random moment, but before each message to the kernel in turn; the daemon is asked in other ways.</summary>
    [Fact]
    public void AfterAReloadKilledBeforeAnyOfItsMessagesTheNextOneEndsWhereItWouldHave()
    {
        const string Wide = "Address = 10.71.0.1/24|10.72.0.0/16, ::/0, 10.75.0.0/16", Narrow = "Address = 10.71.0.2/24|10.73.0.0/16";
        Programs.RequireTool("strace");
        using var scene = new ReloadScene();
        scene.Write(Wide);
        Succeed(scene, "up");
        scene.Write(Narrow);
        Succeed(scene, "reload");
        var after = scene.State;

        var isKilled = true;
        var message = MessagesThatAsk;
        while (isKilled && message < 100)
        {
            message++;
            scene.Write(Wide);
            Succeed(scene, "reload");
            scene.Write(Narrow);
            var (command, environment) = scene.Quick.Prepare("reload");
            string[] killer = ["strace", "-o", "/dev/null", "-e", "trace=sendto,sendmsg", "-e", $"inject=sendto,sendmsg:signal=KILL:when={message}"];
            isKilled = Command.Try([.. command[..4], .. killer, .. command[4..]], environment: environment).ExitCode == KilledExitCode;

            Succeed(scene, "reload");
            Assert.True(after == scene.State, $"killed before message {message}: the state is another\n{scene.State}\nnot\n{after}");
        }

        Figure($"killed before each of {message - MessagesThatAsk - 1} messages");
        Assert.InRange(message, MessagesThatAsk + 10, 99);
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
            var wasAlive = KillDuring(scene, "save", pause);
            Assert.Contains(File.ReadAllText(scene.Quick.File), (string[])[old, saved]);

            Succeed(scene, "save");
            Assert.True(saved == File.ReadAllText(scene.Quick.File), $"seed {seed}, killed after {pause} ms: saved\n{File.ReadAllText(scene.Quick.File)}");
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(scene.Quick.File)!, $"{Path.GetFileName(scene.Quick.File)}*"));
            return wasAlive;
        });
    }

    /// <summary>
    /// Kills a command at moments within the time that it takes, as often as asked while it is alive. A kill that comes too late is a round that
    /// says nothing of being killed: it shows that the command takes less time, and half of the kills at most may be of that kind.
    /// </summary>
    /// <param name="milliseconds">What the whole takes.</param>
    /// <param name="round">Kills, after so many milliseconds and with that seed, and returns whether the command was alive.</param>
    private static void ForEachRound(double milliseconds, Func<double, int, bool> round)
    {
        var first = Number("CHASQUI_TEST_SEED") ?? (Environment.TickCount & int.MaxValue);
        var (hits, misses) = (0, 0);
        while (hits < Rounds && misses <= Rounds)
        {
            var seed = first + hits + misses;
            var pause = Math.Round(new Random(seed).NextDouble() * milliseconds, 1);
            if (round(pause, seed))
            {
                hits++;
                milliseconds *= 1.05; // after a fast one, which came to its end before
            }
            else
            {
                misses++;
                milliseconds = pause;
            }
        }

        Figure($"seeds from {first} on: {hits} of {hits + misses} kills were of a live process");
        Assert.True(hits >= misses, $"seeds from {first} on: only {hits} of {hits + misses} kills were of a live process");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>From its start to its exit: a daemon that stays has its output a while longer.</summary>
    private static double Time(ReloadScene scene, string verb)
    {
        var (command, environment) = scene.Quick.Prepare(verb);
        using var process = RunningProcess.Start(command, environment: environment);
        var clock = Stopwatch.StartNew(); // as the pause before a kill begins
        Assert.True(process.WaitForExit(Settling), $"{verb} does not end\n{process.Error}");
        var elapsed = clock.Elapsed.TotalMilliseconds;
        Command.Succeed(process.Finish(TimeSpan.Zero));
        return elapsed;
    }

    private static void Succeed(ReloadScene scene, string verb) => Command.Succeed(scene.Quick.Try(verb));

    /// <returns>Whether the command was still at work.</returns>
    private static bool KillDuring(ReloadScene scene, string verb, double milliseconds)
    {
        var (command, environment) = scene.Quick.Prepare(verb);
        bool wasAlive;
        using (var process = RunningProcess.Start(command, environment: environment))
        {
            Wait(milliseconds);
            process.Kill();
            wasAlive = process.Finish(TimeSpan.Zero).ExitCode == KilledExitCode;
        }

        // What it had started ends by itself: a daemon that was starting is there, or is not.
        Poll.Until(() => scene.Quick.ProcessIds().Length <= 1, $"more than a daemon is left of {verb}", Settling);
        Thread.Sleep(100);
        return wasAlive;
    }

    /// <summary>To a fraction of a millisecond: some commands take few.</summary>
    private static void Wait(double milliseconds)
    {
        var clock = Stopwatch.StartNew();
        Thread.Sleep(Math.Max(0, (int)milliseconds - 1));
        while (clock.Elapsed.TotalMilliseconds < milliseconds)
        {
            Thread.Yield();
        }
    }
}
