using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Udp;

public sealed class SegmentationTests
{
    [Fact]
    public void OneEioTurnsItOffForGood()
    {
        Segmentation segmentation = new(UdpOffloadState.On);

        Assert.True(segmentation.Refused(Errno.EIO));

        Assert.Equal(UdpOffloadState.RefusedByDevice, segmentation.State);
        segmentation.Accepted();
        Assert.False(segmentation.IsOn);
    }

    [Theory]
    [InlineData(Errno.EMSGSIZE)]
    [InlineData(Errno.EINVAL)]
    public void OnlyManyRefusalsOfARouteInARowTurnItOff(int errno)
    {
        Segmentation segmentation = new(UdpOffloadState.On);
        for (int i = 0; i < Segmentation.RouteRefusalLimit - 1; i++)
            Assert.False(segmentation.Refused(errno));
        Assert.True(segmentation.IsOn);

        segmentation.Accepted();
        for (int i = 0; i < Segmentation.RouteRefusalLimit - 1; i++)
            segmentation.Refused(errno);
        Assert.True(segmentation.IsOn);

        Assert.True(segmentation.Refused(errno));
        Assert.Equal(UdpOffloadState.RefusedByRoute, segmentation.State);
    }

    [Theory]
    [InlineData(Errno.EIO, true)]
    [InlineData(Errno.EINVAL, true)]
    [InlineData(Errno.EMSGSIZE, true)]
    [InlineData(Errno.ENETUNREACH, false)]
    [InlineData(Errno.EPERM, false)]
    [InlineData(Errno.ENOBUFS, false)]
    public void OnlySegmentationsOwnRefusalsAreWorthSplitting(int errno, bool isWorth) =>
        Assert.Equal(isWorth, Segmentation.IsWorthSplitting(errno));
}
