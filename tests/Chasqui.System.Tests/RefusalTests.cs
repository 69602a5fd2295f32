using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>What the kernel refuses to a running daemon, whichever of its threads asks: a debugger has each of them ask.</summary>
public sealed class RefusalTests : SystemTest
{
    // asm-generic/errno-base.h
    private const int Eperm = 1;
    private const int Eacces = 13;

    [Fact]
    public void NoThreadMakesOrWritesFiles()
    {
        Programs.RequireTool("gdb");
        var daemon = NewDaemon(Implementation.Chasqui, NewNamespace());
        if (daemon.Log.Contains("Landlock", StringComparison.Ordinal))
        {
            Assert.Skip("this kernel has no Landlock");
        }

        using var folder = new FolderOfOneFile();

        var threads = folder.Attempt(daemon);

        Assert.True(threads.Count > 3, $"{threads.Count} threads");
        Assert.All(threads, answers => Assert.Equal([0, -Eacces, -Eacces, -Eperm], answers));
        Assert.Equal("text", File.ReadAllText(folder.Old));
        Assert.False(File.Exists(folder.New) || Directory.Exists(folder.Inner));
        AssertAnswers(daemon);
    }

    [Fact]
    public void NoThreadMakesCallsThatAreFiltered()
    {
        Programs.RequireTool("gdb");
        var daemon = NewDaemon(Implementation.Chasqui, NewNamespace());

        // None of them takes a privilege: the filter alone refuses.
        var threads = Debugger.Call(daemon.ProcessId, ["/"], "open($path0, 0)", "unshare(0)", "personality(-1)", "fork()");

        Assert.True(threads.Count > 3, $"{threads.Count} threads");
        Assert.All(threads, answers => Assert.Equal([0, -Eperm, -Eperm, -Eperm], answers));
        AssertAnswers(daemon);
    }

    /// <summary>The control: the same calls, where nothing is refused.</summary>
    [Fact]
    public void AnUnhardenedDaemonIsRefusedNothing()
    {
        Programs.RequireTool("gdb");
        Programs.Require(Implementation.Chasqui);
        var daemon = Own(Daemon.Start(
            Implementation.Chasqui, NewNamespace(), environment: new Dictionary<string, string> { ["CHASQUI_UNHARDENED"] = "1" }));
        using var folder = new FolderOfOneFile();

        Assert.Equal([0, 0, 0, 0], folder.Attempt(daemon)[0]);
        Assert.Equal([0, 0], Debugger.Call(daemon.ProcessId, [], "unshare(0)", "personality(-1)")[0]);

        Assert.Equal("", File.ReadAllText(folder.Old));
        Assert.True(File.Exists(folder.New) && Directory.Exists(folder.Inner));
        AssertAnswers(daemon);
    }

    private static void AssertAnswers(Daemon daemon)
    {
        daemon.AssertRunning();
        Assert.Equal(0, UapiClient.Get(daemon.Interface).Errno);
    }

    private sealed class FolderOfOneFile : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public FolderOfOneFile() => File.WriteAllText(Old, "text");

        public string Old => $"{_folder.Path}/old";

        public string New => $"{_folder.Path}/new";

        public string Inner => $"{_folder.Path}/inner";

        /// <summary>Opens the file to read it, opens it to empty it, makes another file and a folder.</summary>
        public List<int[]> Attempt(Daemon daemon) => Debugger.Call(
            daemon.ProcessId, [Old, New, Inner], "open($path0, 0)", "open($path0, 01001)", "open($path1, 0101, 0600)", "mkdir($path2, 0700)");

        public void Dispose() => _folder.Dispose();
    }
}
