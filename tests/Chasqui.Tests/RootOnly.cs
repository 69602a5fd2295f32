namespace Chasqui.Tests;

/// <summary>What tests with real interfaces need.</summary>
internal static class RootOnly
{
    /// <summary>Skips, visibly, where network namespaces and TUN devices cannot be made.</summary>
    internal static void SkipUnlessPossible()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to make network namespaces");
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");
    }
}
