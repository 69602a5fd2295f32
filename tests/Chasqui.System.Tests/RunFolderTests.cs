using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary><c>up</c> and <c>reload</c> where <c>/run</c>, with the sockets and the notes, is full or cannot be written.</summary>
/// <remarks>Each command sees such a folder in a mount namespace of its own; the machine's stays as it is.</remarks>
public sealed class RunFolderTests : SystemTest
{
    private const string Before = "Address = 10.71.0.1/24|10.72.0.0/16";
    private const string After = "Address = 10.71.0.2/24|10.73.0.0/16";

    /// <summary>What is done to a folder, as sh writes it, and the error that follows.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "mount --bind $folder $folder && mount -o remount,bind,ro $folder", "EROFS" },
        { "mount -t tmpfs -o size=64k,nr_inodes=5,mode=755 tmpfs $folder && while touch $folder/fill$((n += 1)) 2>/dev/null; do :; done", "ENOSPC" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void UpWithoutAPlaceForSocketsFailsAndLeavesNothing(string fault, string error)
    {
        using var scene = new ReloadScene();
        scene.Write(Before);
        var clean = scene.State;

        var up = Try(scene, fault, "/run", "up");

        Assert.False(up.Succeeded, up.ToString());
        Assert.Contains(error, up.Error, StringComparison.Ordinal);
        Assert.Contains(Daemon.SocketFolder, up.Error, StringComparison.Ordinal);
        Assert.Equal(clean, scene.State);
        Assert.False(scene.Network.HasLink(scene.Quick.Interface));
        Assert.Empty(scene.Quick.ProcessIds());
        Command.Succeed(scene.Quick.Try("up"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void UpAndReloadWithoutAPlaceForTheNoteWorkAndSaySo(string fault, string error)
    {
        using var scene = new ReloadScene();
        scene.Write(Before);
        Command.Succeed(scene.Quick.Try("up"));
        var before = scene.State;
        scene.Write(After);
        Command.Succeed(scene.Quick.Try("reload"));
        var after = scene.State;
        Command.Succeed(scene.Quick.Try("down"));
        scene.Write(Before);

        var up = Try(scene, fault, QuickFolder, "up");
        var stateAfterUp = scene.State;
        scene.Write(After);
        var reload = Try(scene, fault, QuickFolder, "reload");

        Assert.All([up, reload], result => Assert.True(result.Succeeded, result.ToString()));
        Assert.All([up, reload], result => Assert.Contains($"[!] {QuickFolder}/{scene.Quick.Interface}.up is not written: ", result.Error, StringComparison.Ordinal));
        Assert.All([up, reload], result => Assert.Contains(error, result.Error, StringComparison.Ordinal));
        Assert.Equal(before, stateAfterUp);
        Assert.Equal(after, scene.State);
        Assert.Equal(0, UapiClient.Get(scene.Quick.Interface).Errno);
        Assert.False(File.Exists($"{QuickFolder}/{scene.Quick.Interface}.up"));
    }

    private static string QuickFolder => Path.GetDirectoryName(Control.ControlServer.PathOf("wg0"))!.Replace("/var/run", "/run", StringComparison.Ordinal);

    /// <summary>Runs a verb where something is wrong with a folder.</summary>
    private static CommandResult Try(ReloadScene scene, string fault, string folder, string verb)
    {
        Programs.RequireTool("unshare");
        var (command, environment) = scene.Quick.Prepare(verb);
        string[] inside = ["unshare", "--mount", "--propagation", "private", "sh", "-e", "-c", $"folder={folder}; n=0; {fault}; exec \"$@\"", "sh"];
        return Command.Try([.. command[..4], .. inside, .. command[4..]], environment: environment);
    }
}
