using System.Diagnostics;
using Chasqui.Linux.Hardening;
using Chasqui.Linux.Tests.Processes;

namespace Chasqui.Linux.Tests.Hardening;

/// <summary>What a program is born with that was started from within a confinement; the thread that started it ends with it.</summary>
public sealed class ConfinementTests
{
    private const string Shell = "/bin/sh";

    [Fact]
    public void WhatItStartsKeepsTheNamedCapabilitiesOnlyAndGetsNoNewOnes()
    {
        RequireRoot();

        string status = Output(Capabilities.NetAdmin, [], "cat /proc/self/status");

        Assert.Equal("0000000000001000", Field(status, "CapPrm"));
        Assert.Equal("0000000000001000", Field(status, "CapEff"));
        Assert.Equal("0000000000000000", Field(status, "CapBnd"));
        Assert.Equal("0000000000000000", Field(status, "CapAmb"));
        Assert.Equal("1", Field(status, "NoNewPrivs"));
    }

    [Fact]
    public void WhatItStartsDumpsNothing()
    {
        RequireRoot();

        Assert.Equal("0 00000000", Output(Capabilities.None, [], "echo $(ulimit -c) $(cat /proc/self/coredump_filter)").Trim());
    }

    [Fact]
    public void FilesCanBeReadAndRemovedInNamedFoldersAndNotBeMade()
    {
        RequireRoot();
        using Scratch scratch = new();
        string inside = Directory.CreateDirectory(scratch["inside"]).FullName;
        string outside = Directory.CreateDirectory(scratch["outside"]).FullName;
        File.WriteAllText($"{inside}/old", "text");
        File.WriteAllText($"{outside}/old", "text");
        Confinement confinement = new(Capabilities.None, [inside]);

        string output = Output(
            confinement, $"cat {outside}/old; echo x >{inside}/new; echo x >{outside}/old; rm -f {outside}/old; mkdir {inside}/d; rm {inside}/old; echo x >/dev/null && echo end");

        if (confinement.Gaps.Any(gap => gap.Contains("Landlock", StringComparison.Ordinal)))
            Assert.Skip("This kernel has no Landlock.");
        Assert.Equal("textend", output.Trim());
        Assert.Empty(Directory.GetFileSystemEntries(inside));
        Assert.Equal("text", File.ReadAllText($"{outside}/old"));
    }

    [Fact]
    public void TheCallersThreadsStayAsTheyWere()
    {
        RequireRoot();
        string before = Field(File.ReadAllText("/proc/thread-self/status"), "CapEff");

        _ = new Confinement(Capabilities.None, []).Run(() => 0);

        Assert.Equal(before, Field(File.ReadAllText("/proc/thread-self/status"), "CapEff"));
        Assert.Equal("0", Field(File.ReadAllText("/proc/thread-self/status"), "NoNewPrivs"));
    }

    private static string Output(Capabilities kept, IReadOnlyList<string> folders, string script) => Output(new Confinement(kept, folders), script);

    /// <summary>The runtime starts children on the calling thread, so they are born from within the confinement.</summary>
    private static string Output(Confinement confinement, string script) => confinement.Run(() =>
    {
        ProcessStartInfo start = new(Shell, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    });

    private static string Field(string status, string name) =>
        status.Split('\n').Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).Split('\t')[1].Trim();

    private static void RequireRoot()
    {
        if (Environment.UserName != "root")
            Assert.Skip("Needs root: others have no capabilities to give up.");
    }
}
