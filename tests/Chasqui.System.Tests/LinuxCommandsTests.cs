using Chasqui.Core.Scripts;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The commands for Linux, really run with stock <c>wg</c> and <c>ip</c>: what runs then is what the file says.</summary>
public sealed class LinuxCommandsTests : SystemTest
{
    private const string Conf = """
        # everything that commands can say
        [Interface]
        PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
        ListenPort = 51897
        FwMark = 0x77
        MTU = 1333
        Address = 10.8.0.2/24, fd00:8::2/64

        [Peer]
        # Name = Zürich'; touch /etc/wireguard/owned; echo ' $(touch /etc/wireguard/owned) \
        PublicKey = GtL7fZc/bLnqZldpVofMCD6hDjrK28SsdLxevJ+qtKU=
        PresharedKey = 6DDUtBbQnFhKCAKMdrzBUHVIQAE3ruERHYjvSwJqzms=
        AllowedIPs = 10.8.0.3/32, fd00:8::3/128, 192.168.0.0/16
        Endpoint = [2001:db8::1]:51820
        PersistentKeepalive = 25

        [Peer]
        PublicKey = TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=
        AllowedIPs = 10.8.0.4/32, fd01::/48
        Endpoint = 192.0.2.1:5
        """;

    /// <summary>In a mount namespace of its own: a folder for the file, then the commands twice. The second time refuses.</summary>
    private const string Program =
        "mount -t tmpfs none /etc/wireguard && bash \"$1.sh\" && ls -l /etc/wireguard && cat /etc/wireguard/*.conf && ! bash \"$1.sh\" 2>/dev/null";

    [Theory]
    [InlineData(Implementation.Chasqui)]
    [InlineData(Implementation.WireguardGo)]
    public void WhatRunsIsWhatTheFileSays(Implementation implementation)
    {
        NetworkNamespace network = NewNamespace();
        Programs.Require(implementation);
        WgQuick commands = Own(new WgQuick(implementation, network, ["sh", "-c", Program]));
        WriteCommands(commands, implementation);

        CommandResult result = Command.Succeed(commands.Try("sh"));

        Assert.Contains("-rw-------", result.Lines[1], StringComparison.Ordinal);
        Assert.EndsWith($"{commands.Interface}.conf\n{Conf}\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("owned", result.Lines[1], StringComparison.Ordinal);
        Assert.Equal(Expected(implementation), Sections(new Wg(commands.Interface).ShowConf()));
        Assert.Equal(
            ["10.8.0.0/24 proto kernel scope link src 10.8.0.2", "192.168.0.0/16 scope link"],
            network.Ip($"-4 route show dev {commands.Interface}").Lines);
        Assert.Contains("fd01::/48 metric 1024 pref medium", network.Ip($"-6 route show dev {commands.Interface}").Lines);
        Assert.Contains("mtu 1333", network.Ip($"link show {commands.Interface}").Output, StringComparison.Ordinal);
    }

    /// <summary>What stock <c>wg</c> shows of the same file on another interface.</summary>
    private string[] Expected(Implementation implementation)
    {
        Daemon daemon = NewDaemon(implementation, NewNamespace());
        string device = string.Join('\n', Conf.Split('\n').Where(static line =>
            !line.StartsWith("Address", StringComparison.Ordinal) && !line.StartsWith("MTU", StringComparison.Ordinal)));
        new Wg(daemon.Interface).SetConf(device);
        return Sections(new Wg(daemon.Interface).ShowConf());
    }

    /// <summary>In an order of their own: wireguard-go has none.</summary>
    private static string[] Sections(string conf) => [.. conf.Trim().Split("\n\n").Order(StringComparer.Ordinal)];

    /// <summary>This kernel may have no WireGuard: one call of <c>ip</c> starts the daemon in its place, all others are stock's.</summary>
    private static void WriteCommands(WgQuick commands, Implementation implementation)
    {
        string shim = Path.Combine(Path.GetDirectoryName(commands.File)!, "ip");
        File.WriteAllText($"{commands.File}.sh", LinuxCommands.Write(commands.Interface, Conf).Text);
        File.WriteAllText(shim, $"""
            #!/bin/sh
            case $* in "link add dev {commands.Interface} type wireguard") exec {Programs.PathOf(implementation)} {commands.Interface};; esac
            PATH=/usr/sbin:/sbin:/usr/bin:/bin exec ip "$@"

            """);
        File.SetUnixFileMode(shim, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
