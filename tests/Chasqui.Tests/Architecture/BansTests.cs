namespace Chasqui.Tests.Architecture;

public sealed class BansTests
{
    [Theory]
    [InlineData("System.Net.Sockets.Socket", "Send")]
    [InlineData("System.IO.File", "ReadAllText")]
    [InlineData("System.Console", "WriteLine")]
    [InlineData("System.Diagnostics.Process", "Start")]
    [InlineData("System.Threading.Thread", null)]
    [InlineData("System.Threading.ThreadPool", "QueueUserWorkItem")]
    [InlineData("System.Threading.Tasks.Task`1", null)]
    [InlineData("System.Threading.Timer", null)]
    [InlineData("System.Diagnostics.Stopwatch", "GetTimestamp")]
    [InlineData("System.DateTime", "get_UtcNow")]
    [InlineData("System.DateTimeOffset", "get_Now")]
    [InlineData("System.Environment", "get_TickCount64")]
    [InlineData("System.Security.Cryptography.RandomNumberGenerator", "Fill")]
    [InlineData("System.Random", "get_Shared")]
    [InlineData("System.Guid", "NewGuid")]
    [InlineData("System.Reflection.Assembly", "Load")]
    [InlineData("System.Type", "GetMethods")]
    [InlineData("Microsoft.Extensions.Logging.ILogger", null)]
    public void CoreMayNotUse(string type, string? member) => Assert.NotEmpty(Violations(type, member));

    [Theory]
    [InlineData("System.Threading.Lock", "EnterScope")]
    [InlineData("System.Threading.Lock+Scope", "Dispose")]
    [InlineData("System.Threading.Interlocked", "Increment")]
    [InlineData("System.Threading.Volatile", "Read")]
    [InlineData("System.Security.Cryptography.CryptographicOperations", "ZeroMemory")]
    [InlineData("System.DateTime", "get_Ticks")]
    [InlineData("System.Type", null)]
    [InlineData("System.Type", "GetTypeFromHandle")]
    [InlineData("System.Net.IPAddress", "TryParse")]
    public void CoreMayUse(string type, string? member) => Assert.Empty(Violations(type, member));

    [Fact]
    public void AViolationSaysRuleMemberAndReason()
    {
        var violation = Assert.Single(Violations("System.Console", "WriteLine"));

        Assert.StartsWith("rule 1: Chasqui.Core.Tunnel.Tick uses System.Console::WriteLine; it must not, because ", violation, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Violations(string type, string? member) =>
        Bans.Violations("rule 1", Bans.Core, [new Use("Chasqui.Core.Tunnel", "Chasqui.Core.Tunnel.Tick", type, member)]);
}
