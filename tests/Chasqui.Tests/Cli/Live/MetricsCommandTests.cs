using Chasqui.Cli;
using Chasqui.Cli.Commands;
using Chasqui.Cli.Commands.Live;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Linux;

namespace Chasqui.Tests.Cli.Live;

/// <summary>Metrics for node_exporter, and where the daemon serves them.</summary>
public sealed class MetricsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chasqui-metrics").FullName;
    private readonly TestTerminal _terminal = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AllInterfacesAreInOneText()
    {
        Assert.Equal(0, Run());

        Assert.Contains("chasqui_interface_mtu_bytes{interface=\"wg0\"} 1420\nchasqui_interface_mtu_bytes{interface=\"wg1\"} 1420\n", _terminal.Output);
        Assert.DoesNotContain("EOF", _terminal.Output);
    }

    [Fact]
    public void OneThatCannotBeReadIsNamedAndTheOthersAreThere()
    {
        Assert.Equal(1, Run(broken: "wg0"));

        Assert.Contains("wg0", _terminal.Error);
        Assert.Contains("interface=\"wg1\"", _terminal.Output);
        Assert.DoesNotContain("interface=\"wg0\"", _terminal.Output);
    }

    /// <summary>node_exporter is another user.</summary>
    [Fact]
    public void ANewFileIsEverybodysToReadAndAnOldOneKeepsItsMode()
    {
        string path = Path.Combine(_folder, "chasqui.prom");

        Assert.Equal(0, Run(broken: null, "-o", path));
        Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path, "old");
        Assert.Equal(0, Run(broken: null, "wg1", "-o", path));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.StartsWith("# TYPE chasqui_interface_up gauge\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_folder));
        Assert.Empty(_terminal.Output);
    }

    [Fact]
    public void TheChildIsToldWhereMetricsAre()
    {
        RunArguments arguments = RunArguments.Read("chasqui", ["--metrics=9586", "wg0"], isForeground: false);

        Assert.Equal(["run", "--metrics", "9586", "wg0"], arguments.ToChild("chasqui", "wg0"));
        Assert.Equal(["--metrics", "9586", "wg0"], arguments.ToChild("wireguard-go", "wg0"));
        Assert.Equal("127.0.0.1:9586", RunArguments.Read("chasqui", arguments.ToChild("chasqui", "wg0")[1..], false).MetricsAddress?.ToString());
    }

    [Theory]
    [InlineData("--metrics")]
    [InlineData("--metrics=")]
    [InlineData("--metrics=localhost:1")]
    [InlineData("--metric=1")]
    public void WhatIsWrongWithTheOptionIsSaid(string option)
    {
        ConfigException exception = Assert.Throws<ConfigException>(() => RunArguments.Read("chasqui", ["wg0", option], isForeground: false));

        Assert.Contains("--metric", exception.Message);
    }

    private int Run(string? broken = null, params string[] arguments) =>
        new MetricsCommand(() => ["wg0", "wg1"], name => name == broken ? throw new LinuxException("find", name, Errno.ENODEV) : new TunnelStatus { Mtu = 1420 })
            .Execute(new Invocation("chasqui", arguments, _terminal.Terminal));
}
