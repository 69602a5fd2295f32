namespace Chasqui.Linux.Tests;

public sealed class EventFdTests
{
    [Fact]
    public void IsReadableWhileItIsSet()
    {
        using EventFd flag = new();
        using Poller poller = new(1);
        int place = poller.Add(flag.Descriptor, PollEvents.Read);
        Assert.Equal(0, poller.Wait(0));

        flag.Set();
        flag.Set();
        Assert.Equal(1, poller.Wait(Poller.Forever));
        Assert.Equal(PollEvents.Read, poller.Ready(place));

        Assert.True(flag.Clear());
        Assert.False(flag.Clear());
        Assert.Equal(0, poller.Wait(0));
    }
}
