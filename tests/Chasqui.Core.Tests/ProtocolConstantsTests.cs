namespace Chasqui.Core.Tests;

/// <summary>The numbers, written down a second time.</summary>
public sealed class ProtocolConstantsTests
{
    [Fact]
    public void ThePapersTable()
    {
        Assert.Equal(1_152_921_504_606_846_976UL, ProtocolConstants.RekeyAfterMessages);
        Assert.Equal(120, ProtocolConstants.RekeyAfterTime.TotalSeconds);
        Assert.Equal(180, ProtocolConstants.RejectAfterTime.TotalSeconds);
        Assert.Equal(90, ProtocolConstants.RekeyAttemptTime.TotalSeconds);
        Assert.Equal(5, ProtocolConstants.RekeyTimeout.TotalSeconds);
        Assert.Equal(10, ProtocolConstants.KeepaliveTimeout.TotalSeconds);
        Assert.Equal(120, ProtocolConstants.CookieSecretLife.TotalSeconds);
    }

    [Fact]
    public void RejectAfterMessagesIsTheKernels() =>
        Assert.Equal(18_446_744_073_709_543_486UL, ProtocolConstants.RejectAfterMessages); // 2^64 - 1 - 8128 - 1
}
