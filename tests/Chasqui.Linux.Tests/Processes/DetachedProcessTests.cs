using Chasqui.Linux.Interop;
using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class DetachedProcessTests
{
    [Fact]
    public void HasItsArgumentsEnvironmentAndExitCode()
    {
        (string output, int exitCode) = Shell("echo \"$0 $1 $NAME\" >&3; exit 7", ["zero", "o n e"], ["NAME=vülue"]);

        Assert.Equal("zero o n e vülue\n", output);
        Assert.Equal(7, exitCode);
    }

    [Fact]
    public void LeadsASessionOfItsOwn()
    {
        (string output, _) = Shell("cut -d' ' -f6 /proc/$$/stat >&3; echo $$ >&3");

        string[] lines = output.Split('\n');
        Assert.Equal(lines[1], lines[0]);
    }

    [Fact]
    public void HasNoDescriptorThatWasNotNamed()
    {
        using EventFd leaked = new();
        Assert.Equal(0, Libc.fcntl(leaked.Descriptor, Libc.F_SETFD, 0));

        // The shell reads its script from an argument; ls opens the directory itself as the next free number.
        (string output, _) = Shell("ls /proc/self/fd >&3");

        Assert.Equal("0\n1\n2\n3\n4\n", output);
    }

    [Fact]
    public void StandardStreamsAreNull()
    {
        (string output, _) = Shell("streams=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo $streams >&3");

        Assert.Equal("/dev/null /dev/null /dev/null\n", output);
    }

    [Fact]
    public void IgnoresAndBlocksNoSignal()
    {
        // The upper half is the real-time signals, of which the C library keeps two to itself.
        (string output, _) = Shell("exec grep -E 'SigIgn|SigBlk' /proc/self/status >&3");

        Assert.Matches("^SigBlk:\t0000000000000000\nSigIgn:\t00000001[80]0000000\n$|^SigBlk:\t0+\nSigIgn:\t0+\n$", output);
    }

    [Fact]
    public void DescriptorsMayTradePlaces()
    {
        using ReadinessPipe first = new();
        using ReadinessPipe second = new();
        int low = Math.Min(first.ChildEnd.DangerousFd, second.ChildEnd.DangerousFd);
        int high = Math.Max(first.ChildEnd.DangerousFd, second.ChildEnd.DangerousFd);
        bool isFirstLow = first.ChildEnd.DangerousFd == low;
        FileDescriptor lowEnd = isFirstLow ? first.ChildEnd : second.ChildEnd;
        FileDescriptor highEnd = isFirstLow ? second.ChildEnd : first.ChildEnd;

        // A shell's own syntax has one digit for a descriptor; /proc/self/fd has any number.
        string script = $"printf '\\000low' > /proc/self/fd/{low}; printf '\\000high' > /proc/self/fd/{high}";
        DetachedProcess process = DetachedProcess.Start(
            "/bin/sh", ["sh", "-c", script], [], [new(high, lowEnd), new(low, highEnd)], hasStandardStreams: false);

        ReadinessReport fromLowEnd = (isFirstLow ? first : second).Wait(TimeSpan.FromSeconds(20));
        ReadinessReport fromHighEnd = (isFirstLow ? second : first).Wait(TimeSpan.FromSeconds(20));
        Assert.Equal(0, process.WaitForExit());
        Assert.Equal("high", fromLowEnd.Message);
        Assert.Equal("low", fromHighEnd.Message);
    }

    [Fact]
    public void ASignalIsAnExitCodeToo()
    {
        (_, int exitCode) = Shell("kill -9 $$");

        Assert.Equal(128 + 9, exitCode);
    }

    [Fact]
    public void AMissingProgramIsAnErrorOfTheParent()
    {
        LinuxException refused = Assert.Throws<LinuxException>(
            () => DetachedProcess.Start("/no/such/program", ["x"], [], [], hasStandardStreams: false));

        Assert.Equal(Errno.ENOENT, refused.Errno);
        Assert.Contains("/no/such/program", refused.Message, StringComparison.Ordinal);
    }

    private static (string Output, int ExitCode) Shell(string script, string[]? arguments = null, string[]? environment = null)
    {
        using Scratch scratch = new();
        string path = scratch["output"];
        using FileDescriptor file = FileDescriptor.FromResult(
            Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC | 0x40, 0x180), "open", path);
        DetachedProcess process = DetachedProcess.Start(
            "/bin/sh", ["sh", "-c", script, .. arguments ?? []], ["PATH=/usr/bin:/bin", .. environment ?? []],
            [new InheritedDescriptor(3, file)], hasStandardStreams: false);

        int exitCode = process.WaitForExit();
        return (File.ReadAllText(path), exitCode);
    }
}
