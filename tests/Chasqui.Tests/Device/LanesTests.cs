using Chasqui.Device;

namespace Chasqui.Tests.Device;

public class LanesTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(4, 2, 2)]
    [InlineData(8, 4, 4)]
    [InlineData(16, 8, 4)]
    [InlineData(32, 8, 4)]
    [InlineData(256, 8, 4)]
    public void ASmallMachineHasOneLaneAndALargeOneEight(int cores, int lanes, int workers) =>
        Assert.Equal((lanes, workers), (Lanes.LanesFor(cores), Lanes.WorkersFor(cores)));
}
