using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class FolderLockTests
{
    [Fact]
    public async Task OneAtATimeHoldsIt()
    {
        using Scratch scratch = new();
        string folder = Path.GetDirectoryName(scratch["x"])!;
        int inside = 0, most = 0, done = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 5; i++)
            {
                using FolderLock held = FolderLock.Take(folder);
                int now = Interlocked.Increment(ref inside);
                most = Math.Max(most, now);
                Interlocked.Increment(ref done);
                Interlocked.Decrement(ref inside);
            }
        })));

        Assert.Equal(1, most);
        Assert.Equal(20, done);
    }

    [Fact]
    public void ItLeavesNothingInTheFolder()
    {
        using Scratch scratch = new();
        string folder = Path.GetDirectoryName(scratch["x"])!;

        using (FolderLock.Take(folder))
        {
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void AFolderThatIsNotThereIsSaid()
    {
        using Scratch scratch = new();

        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => FolderLock.Take(scratch["none"])).Errno);
    }
}
