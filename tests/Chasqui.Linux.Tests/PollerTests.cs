using System.Globalization;
using System.Runtime.InteropServices;

namespace Chasqui.Linux.Tests;

public sealed class PollerTests
{
    private const int SIGCONT = 18;

    [Fact]
    public void TellsWhichOfSeveralIsReady()
    {
        using EventFd first = new();
        using EventFd second = new();
        using Poller poller = new(2);
        int firstPlace = poller.Add(first.Descriptor, PollEvents.Read);
        int secondPlace = poller.Add(second.Descriptor, PollEvents.Read);

        second.Set();

        Assert.Equal(1, poller.Wait(Poller.Forever));
        Assert.Equal(PollEvents.None, poller.Ready(firstPlace));
        Assert.Equal(PollEvents.Read, poller.Ready(secondPlace));
    }

    [Fact]
    public void WaitsForNothingWhenToldSo()
    {
        using EventFd flag = new();
        using Poller poller = new(1);
        int place = poller.Add(flag.Descriptor, PollEvents.Read);
        flag.Set();

        poller.SetEvents(place, PollEvents.None);
        Assert.Equal(0, poller.Wait(0));

        poller.SetEvents(place, PollEvents.Read);
        Assert.Equal(1, poller.Wait(0));
    }

    [Fact]
    public void KeepsDescriptorsOpenUntilItIsDisposed()
    {
        EventFd flag = new();
        using Poller poller = new(1);
        int place = poller.Add(flag.Descriptor, PollEvents.Read);

        flag.Dispose();

        Assert.Equal(0, poller.Wait(0));
        Assert.Equal(PollEvents.None, poller.Ready(place));
    }

    [Fact]
    public void RefusesMoreThanItsCapacity()
    {
        using EventFd flag = new();
        using Poller poller = new(1);
        _ = poller.Add(flag.Descriptor, PollEvents.Read);

        _ = Assert.Throws<InvalidOperationException>(() => poller.Add(flag.Descriptor, PollEvents.Read));
    }

    [Fact]
    public void SignalsDoNotEndTheWait()
    {
        using EventFd flag = new();
        int waiter = 0, ready = -1;
        Thread thread = new(() =>
        {
            using Poller poller = new(1);
            _ = poller.Add(flag.Descriptor, PollEvents.Read);
            Volatile.Write(ref waiter, gettid());
            ready = poller.Wait(60_000);
        });
        thread.Start();

        // The waiter is in poll(2) when its kernel stack says that it sleeps.
        SpinWait.SpinUntil(() => Volatile.Read(ref waiter) != 0 && IsAsleep(waiter));
        for (int i = 0; i < 20; i++)
        {
            _ = tgkill(Environment.ProcessId, waiter, SIGCONT);
            SpinWait.SpinUntil(() => IsAsleep(waiter));
        }

        flag.Set();
        thread.Join();
        Assert.Equal(1, ready);
    }

    [Fact]
    public void WaitingAllocatesNothing()
    {
        using EventFd flag = new();
        using Poller poller = new(1);
        _ = poller.Add(flag.Descriptor, PollEvents.Read);
        flag.Set();
        _ = poller.Wait(0);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
            _ = poller.Wait(0);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool IsAsleep(int thread)
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{thread}/stat"));
        return stat[stat.LastIndexOf(')') + 2] == 'S';
    }

    [DllImport("libc")]
    private static extern int gettid();

    [DllImport("libc")]
    private static extern int tgkill(int process, int thread, int signal);
}
