using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class ReadinessPipeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("printf '\\001' >&3", Readiness.Ready, "")]
    [InlineData("printf '\\001' >&3; exec sleep 0", Readiness.Ready, "")]
    [InlineData("printf '\\000no such device' >&3", Readiness.Failed, "no such device")]
    [InlineData("printf '\\000no such ' >&3; printf 'device' >&3", Readiness.Failed, "no such device")]
    [InlineData("printf '\\000' >&3", Readiness.Failed, "")]
    [InlineData("exit 3", Readiness.Died, "")]
    [InlineData("kill -9 $$", Readiness.Died, "")]
    public void TheParentLearnsWhatBecameOfTheChild(string script, Readiness outcome, string message)
    {
        using ReadinessPipe pipe = new();
        DetachedProcess process = DetachedProcess.Start(
            "/bin/sh", ["sh", "-c", script], ["PATH=/usr/bin:/bin"], [new(3, pipe.ChildEnd)], hasStandardStreams: false);

        ReadinessReport report = pipe.Wait(Patience);

        _ = process.WaitForExit();
        Assert.Equal(new ReadinessReport(outcome, message), report);
    }

    [Fact]
    public void SilenceIsATimeout()
    {
        using ReadinessPipe pipe = new();
        using FileDescriptor child = pipe.ChildEnd.Duplicate();

        Assert.Equal(Readiness.TimedOut, pipe.Wait(TimeSpan.FromMilliseconds(1)).Outcome);
    }

    [Fact]
    public void TheChildsWordsArrive()
    {
        using ReadinessPipe ready = new();
        ReadinessPipe.ReportReady(ready.ChildEnd.Duplicate());
        Assert.Equal(Readiness.Ready, ready.Wait(Patience).Outcome);

        using ReadinessPipe failed = new();
        ReadinessPipe.ReportFailure(failed.ChildEnd.Duplicate(), "bind 0.0.0.0:51820: in use");
        Assert.Equal(new ReadinessReport(Readiness.Failed, "bind 0.0.0.0:51820: in use"), failed.Wait(Patience));
    }

    [Fact]
    public void LastWordsAreCutAndNeverBlock()
    {
        using ReadinessPipe pipe = new();

        ReadinessPipe.ReportFailure(pipe.ChildEnd.Duplicate(), new string('x', 1_000_000));

        Assert.Equal(new string('x', 4000), pipe.Wait(Patience).Message);
    }

    [Fact]
    public void AParentThatHasGoneIsToldNothing()
    {
        ReadinessPipe pipe = new();
        FileDescriptor child = pipe.ChildEnd.Duplicate();
        pipe.Dispose();

        ReadinessPipe.ReportReady(child);

        Assert.True(child.IsClosed);
    }
}
