using System.Runtime.InteropServices;

namespace Chasqui.System.Tests.Harness;

/// <summary>Where the daemons and tools are, and the visible skip when one is missing.</summary>
internal static class Programs
{
    /// <summary>Whether <c>CHASQUI_TEST_BASELINE=1</c> asks for the scenarios to run with wireguard-go alone as well.</summary>
    public static bool Baseline => Environment.GetEnvironmentVariable("CHASQUI_TEST_BASELINE") == "1";

    /// <summary>Skips the running test if one of the daemons, the privilege or the basic tools are missing.</summary>
    public static void Require(params ReadOnlySpan<Implementation> implementations)
    {
        RequireRoot();
        RequireTool("ip");
        RequireTool("ping");
        RequireTool("wg");
        foreach (var implementation in implementations)
        {
            PathOf(implementation);
        }
    }

    /// <summary>Skips the running test unless it runs as root with a TUN driver.</summary>
    public static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("needs root: network namespaces and TUN interfaces");
        }

        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Skip("needs /dev/net/tun");
        }
    }

    /// <summary>Skips the running test unless <paramref name="tool"/> is on the path.</summary>
    public static void RequireTool(string tool)
    {
        if (FindOnPath(tool) is null)
        {
            Assert.Skip($"needs the tool {tool}");
        }
    }

    /// <summary>Skips when the scenario asks <paramref name="implementation"/> for something it is known not to do.</summary>
    public static void SkipKnownGap(Implementation implementation, Implementation lacking, string gap)
    {
        if (implementation == lacking)
        {
            Assert.Skip($"known gap of {lacking}: {gap}");
        }
    }

    /// <summary>The program's absolute path; skips the running test if there is none.</summary>
    public static string PathOf(Implementation implementation)
    {
        if (implementation == Implementation.WireguardGo)
        {
            RequireTool("wireguard-go");
            return FindOnPath("wireguard-go")!;
        }

        var path = Environment.GetEnvironmentVariable("CHASQUI") ?? DefaultPath();
        if (!File.Exists(path))
        {
            Assert.Skip($"no daemon at {path}: publish it, or name it in CHASQUI");
        }

        return Path.GetFullPath(path);
    }

    /// <summary>The folder of the repository that the test program was built in.</summary>
    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Chasqui.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? ".";
    }

    private static string DefaultPath()
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        return Path.Combine(Repository(), "artifacts", "publish", architecture, "chasqui");
    }

    private static string? FindOnPath(string tool) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(File.Exists);
}
