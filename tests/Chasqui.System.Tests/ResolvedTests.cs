using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Name servers where systemd-resolved runs and there is no resolvconf.</summary>
/// <remarks>
/// <c>resolvectl</c> is a script that writes its arguments down and, as the real one, fails for an interface that has gone. The program runs
/// in namespaces of its own, where <c>/run</c> is an empty folder but for what shows that systemd-resolved runs.
/// </remarks>
public sealed class ResolvedTests : SystemTest
{
    private const string Resolvectl = """
        #!/bin/sh
        echo "$*" >>"$0.log"
        ip link show "$2" >/dev/null 2>&1
        """;

    private readonly string _folder;

    public ResolvedTests()
    {
        Programs.Require(Implementation.Chasqui);
        Programs.RequireTool("unshare");
        if (File.Exists("/usr/sbin/resolvconf") || File.Exists("/sbin/resolvconf") || File.Exists("/usr/bin/resolvconf"))
        {
            Assert.Skip("the machine has a resolvconf, which comes before systemd-resolved");
        }

        _folder = Own(new TemporaryFolder()).Path;
        Write("resolvectl", Resolvectl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    [Fact]
    public void ServersAndSearchDomainsAreToldAndGoWithTheInterface()
    {
        Write("wgr0.conf", $"[Interface]\nPrivateKey = {WgKey.Generate().Private}\nDNS = 10.9.0.53, fd00::53, corp.example\n", UnixFileMode.UserRead);

        var result = InNamespaces("chasqui up $D/wgr0.conf && chasqui down $D/wgr0.conf");

        Assert.True(result.Succeeded, result.ToString());
        Assert.Equal(
            ["dns wgr0 10.9.0.53 fd00::53", "domain wgr0 ~. corp.example", "default-route wgr0 true"],
            File.ReadAllLines($"{_folder}/resolvectl.log"));
    }

    [Fact]
    public void AStepThatFailsLaterTakesThemBack()
    {
        Write("wgr0.conf", $"[Interface]\nPrivateKey = {WgKey.Generate().Private}\nDNS = 10.9.0.53\nPostUp = false\n", UnixFileMode.UserRead);

        var result = InNamespaces("chasqui up $D/wgr0.conf");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("revert wgr0", File.ReadAllLines($"{_folder}/resolvectl.log")[^1]);
        Assert.DoesNotContain("[!]", result.Error, StringComparison.Ordinal);
    }

    private CommandResult InNamespaces(string commands) => Command.Try(
        [
            "unshare", "--mount", "--net", "--propagation", "private", "bash", "-c",
            $"mount -t tmpfs run /run && mkdir -p /run/systemd/resolve && D={_folder} && chasqui() {{ \"$CHASQUI\" \"$@\"; }} && {commands}",
        ],
        environment: new Dictionary<string, string>
        {
            ["CHASQUI"] = Programs.PathOf(Implementation.Chasqui),
            ["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin",
        });

    private void Write(string name, string text, UnixFileMode mode)
    {
        File.WriteAllText($"{_folder}/{name}", text);
        File.SetUnixFileMode($"{_folder}/{name}", mode);
    }
}
