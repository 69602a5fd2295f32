using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;

namespace Chasqui.Core.Tests.Config.Provision;

public sealed class FreePortTests
{
    [Fact]
    public void TakesTheUsualOne() => Assert.Equal(51820, FreePort.Choose(static _ => false));

    [Fact]
    public void TakesTheNextThatIsFree() => Assert.Equal(51823, FreePort.Choose(static port => port is 51820 or 51821 or 51822));

    [Fact]
    public void SaysWhenAllAreTaken() =>
        Assert.Equal("no UDP port from 51820 up is free; give --port.", Assert.Throws<ConfigException>(() => FreePort.Choose(static _ => true)).Message);
}
