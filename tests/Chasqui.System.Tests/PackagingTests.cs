using System.Globalization;
using System.Text.RegularExpressions;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>What <c>./build.sh install</c>, <c>uninstall</c> and <c>package</c> put onto a machine, below a folder of their own.</summary>
public sealed class PackagingTests : SystemTest
{
    private const double MaxExposure = 2.0;
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(3);

    private static readonly string[] Installed =
    [
        "bin/chasqui", "lib/systemd/system/chasqui.target", "lib/systemd/system/chasqui@.service", "share/bash-completion/completions/chasqui",
        "share/fish/vendor_completions.d/chasqui.fish", "share/man/man8/chasqui-peer.8", "share/man/man8/chasqui-quick.8",
        "share/man/man8/chasqui-watch.8", "share/man/man8/chasqui-wg.8", "share/man/man8/chasqui.8", "share/zsh/site-functions/_chasqui",
    ];

    private readonly string _folder;

    public PackagingTests()
    {
        _folder = Own(new TemporaryFolder()).Path;
        Programs.RequireTool("dotnet");
        Programs.PathOf(Implementation.Chasqui);
    }

    [Fact]
    public void WhatIsInstalledCanBeUninstalled()
    {
        Build("install", "--links", "/opt/c", _folder);

        string[] all = [.. Installed, "bin/wg", "bin/wg-quick", "bin/wireguard-go"];
        Assert.Equal(all.Order(StringComparer.Ordinal), Files($"{_folder}/opt/c"));
        Assert.StartsWith("chasqui ", Command.Run($"{_folder}/opt/c/bin/chasqui --version").Output, StringComparison.Ordinal);
        Assert.StartsWith("wireguard-tools ", Command.Run($"{_folder}/opt/c/bin/wg --version").Output, StringComparison.Ordinal);
        Assert.Contains("ExecStart=/opt/c/bin/chasqui up %i", File.ReadAllText($"{_folder}/opt/c/lib/systemd/system/chasqui@.service"));

        Build("uninstall", "/opt/c", _folder);

        Assert.Empty(Files(_folder));
    }

    [Fact]
    public void NoToolThatIsThereIsReplaced()
    {
        Directory.CreateDirectory($"{_folder}/opt/c/bin");
        File.WriteAllText($"{_folder}/opt/c/bin/wg", "stock");

        Build("install", "--links", "/opt/c", _folder);
        Assert.Equal("stock", File.ReadAllText($"{_folder}/opt/c/bin/wg"));

        Build("uninstall", "/opt/c", _folder);
        Assert.Equal(["opt/c/bin/wg"], Files(_folder));
    }

    [Fact]
    public void TheDebianPackageInstallsAndRemovesCleanly()
    {
        Programs.RequireRoot();
        Programs.RequireTool("dpkg-deb");
        Build("package");
        var package = Directory.GetFiles(Path.Combine(Programs.Repository(), "artifacts", "package"), "chasqui_*.deb").Single();
        Directory.CreateDirectory($"{_folder}/var/lib/dpkg/updates");
        Directory.CreateDirectory($"{_folder}/var/lib/dpkg/info");
        File.WriteAllText($"{_folder}/var/lib/dpkg/status", "");
        string[] dpkg = ["dpkg", $"--root={_folder}", "--force-script-chrootless", "--force-depends"];

        Command.Succeed(Command.Try([.. dpkg, "--install", package]));

        Assert.StartsWith("chasqui ", Command.Run($"{_folder}/usr/bin/chasqui --version").Output, StringComparison.Ordinal);
        Assert.Equal("../../../bin/chasqui", new FileInfo($"{_folder}/usr/lib/chasqui/links/wg").LinkTarget);
        Assert.Empty(Command.Succeed(Command.Try(["dpkg", $"--root={_folder}", "--verify", "chasqui"])).Output);

        Command.Succeed(Command.Try([.. dpkg, "--purge", "chasqui"]));

        Assert.DoesNotContain(Files(_folder), file => !file.StartsWith("var/", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryCommandHasItsPlaceInAManualPage()
    {
        var pages = Directory.GetFiles(Path.Combine(Programs.Repository(), "packaging", "man"), "*.8");
        var words = string.Concat(pages.Select(File.ReadAllText)).Split([' ', '\n', ','], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var commands = Command.Try(
            ["bash", "-c", $". {Programs.Repository()}/packaging/completion/chasqui.bash; _chasqui_commands"],
            environment: new Dictionary<string, string> { ["PATH"] = $"{LinkFolder()}:{Environment.GetEnvironmentVariable("PATH")}" });

        Assert.Contains("show", commands.Lines);
        Assert.DoesNotContain("ip", commands.Lines);
        Assert.DoesNotContain(commands.Lines, command => !words.Contains(command));
    }

    [Theory]
    [InlineData("reload", "--dry-run --confirm")]
    [InlineData("confirm", "--undo")] // whose help speaks of --confirm too
    [InlineData("check", "--strict --json")]
    [InlineData("peer rotate", "--psk-only --public-key --no-psk --psk-file --output --force --qr --no-qr --for")]
    public void OptionsOfACommandAreCompletedAndHaveTheirPlaceInAManualPage(string command, string options)
    {
        var pages = string.Concat(Directory.GetFiles(Path.Combine(Programs.Repository(), "packaging", "man"), "*.8").Select(File.ReadAllText));
        var completed = Command.Try(
            ["bash", "-c", $". {Programs.Repository()}/packaging/completion/chasqui.bash; _chasqui_options {command}"],
            environment: new Dictionary<string, string> { ["PATH"] = $"{LinkFolder()}:{Environment.GetEnvironmentVariable("PATH")}" });

        Assert.Equal(options.Split(' '), completed.Lines);
        Assert.All(completed.Lines, option => Assert.Contains($" {option[1..]}", pages, StringComparison.Ordinal));
    }

    [Fact]
    public void ManualPagesAreWellFormed()
    {
        Programs.RequireTool("mandoc");
        var pages = Directory.GetFiles(Path.Combine(Programs.Repository(), "packaging", "man"), "*.8");

        Assert.Empty(Command.Try(["mandoc", "-T", "lint", "-W", "warning", .. pages]).Output);
    }

    [Fact]
    public void UnitsAreWellFormedAndWalledIn()
    {
        Programs.RequireTool("systemd-analyze");
        Build("install", "/usr", _folder);
        var unit = $"{_folder}/usr/lib/systemd/system/chasqui@.service";
        File.Copy(unit, $"{_folder}/chasqui@wg0.service");

        var security = Command.Try(["systemd-analyze", "security", "--offline=yes", "--no-pager", $"{_folder}/chasqui@wg0.service"]);

        var verdict = security.Lines.LastOrDefault() ?? "";
        Figure(verdict);
        var exposure = Regex.Match(verdict, @"exposure level.*: ([0-9]+\.[0-9])");
        Assert.True(exposure.Success, security.ToString());
        Assert.InRange(double.Parse(exposure.Groups[1].ValueSpan, CultureInfo.InvariantCulture), 0, MaxExposure);
    }

    private static void Build(params string[] words) =>
        Command.Succeed(Command.Try([Path.Combine(Programs.Repository(), "build.sh"), .. words], timeout: BuildTimeout));

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private string LinkFolder()
    {
        File.CreateSymbolicLink($"{_folder}/chasqui", Programs.PathOf(Implementation.Chasqui));
        return _folder;
    }
}
