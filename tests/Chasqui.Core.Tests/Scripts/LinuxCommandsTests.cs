using System.Diagnostics;
using Chasqui.Core.Config;
using Chasqui.Core.Scripts;
using Chasqui.Core.Tests.RouterOs;

namespace Chasqui.Core.Tests.Scripts;

public sealed class LinuxCommandsTests
{
    [Fact]
    public void WritesAllOfATunnel()
    {
        const string Conf = $"""
            [Interface]
            PrivateKey = {RouterOsExports.Private}
            ListenPort = 51820
            MTU = 1400
            Address = 10.8.0.2/24, fd00::2/64

            [Peer]
            # Name = it's $(reboot)
            PublicKey = {RouterOsExports.KeyA}
            PresharedKey = {RouterOsExports.Private}
            AllowedIPs = 10.8.0.0/24, 192.168.0.0/16
            Endpoint = [2001:db8::1]:51820
            PersistentKeepalive = 25
            """;

        CommandScript script = LinuxCommands.Write("wg0", Conf);

        Assert.Empty(script.NotCarriedOver);
        Assert.Equal(
            $"""
            sh -eu <<'END_OF_COMMANDS'
            # wg0: commands for Linux with ip(8) and wg(8). Paste all of it as root, or give the file to sudo sh.
            [ "$(id -u)" = 0 ] || (echo 'This must be run as root.' >&2; exit 1)
            # Permanent: a file for wg-quick(8); "systemctl enable wg-quick@wg0" uses it from the next start on. An existing one stays.
            umask 077
            mkdir -p /etc/wireguard
            set -C
            cat > /etc/wireguard/wg0.conf <<'END_OF_FILE'
            {Conf}
            END_OF_FILE
            # Now: the same by hand.
            ip link add dev wg0 type wireguard
            wg set wg0 listen-port 51820 private-key /dev/stdin <<'END_OF_KEY'
            {RouterOsExports.Private}
            END_OF_KEY
            # it's $(reboot)
            wg set wg0 peer {RouterOsExports.KeyA} endpoint '[2001:db8::1]:51820' persistent-keepalive 25 allowed-ips 10.8.0.0/24,192.168.0.0/16 preshared-key /dev/stdin <<'END_OF_KEY'
            {RouterOsExports.Private}
            END_OF_KEY
            ip -4 address add 10.8.0.2/24 dev wg0
            ip -6 address add fd00::2/64 dev wg0
            ip link set mtu 1400 up dev wg0
            ip -4 route add 192.168.0.0/16 dev wg0
            END_OF_COMMANDS

            """,
            script.Text);
    }

    [Fact]
    public void WithoutAKeyOneIsMadeAndKeptBesideTheFile()
    {
        string text = LinuxCommands.Write("wg0", "[Interface]\nAddress = 10.0.0.1/24\n").Text;

        Assert.Contains("[ -s /etc/wireguard/wg0.key ] || wg genkey > /etc/wireguard/wg0.key\n", text, StringComparison.Ordinal);
        Assert.Contains("\nPostUp = wg set %i private-key /etc/wireguard/%i.key\n", text, StringComparison.Ordinal);
        Assert.Contains("\nwg set wg0 private-key /etc/wireguard/wg0.key\n", text, StringComparison.Ordinal);
        Assert.EndsWith("wg show wg0 public-key\nEND_OF_COMMANDS\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ADefaultRouteIsAComment()
    {
        CommandScript script = LinuxCommands.Write("wg0", $"""
            [Interface]
            Address = 10.8.0.2/24
            DNS = 10.8.0.1
            PostUp = true
            [Peer]
            PublicKey = {RouterOsExports.KeyA}
            AllowedIPs = 0.0.0.0/0, ::/0
            """);

        Assert.DoesNotContain("\nip -4 route", script.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nip -6 route", script.Text, StringComparison.Ordinal);
        Assert.Contains("\n# ip -4 route add 0.0.0.0/0 dev wg0 table 51820\n# sysctl", script.Text, StringComparison.Ordinal);
        Assert.Equal(4, script.NotCarriedOver.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("$(reboot)")]
    [InlineData("a name that is too long")]
    public void RefusesWhatIsNoInterface(string name) => Assert.Throws<ConfigException>(() => LinuxCommands.Write(name, "[Interface]\n"));

    [Theory]
    [InlineData("[Interface]\n# \u001b[201~reboot\n")]
    [InlineData("[Interface]\n# a\rreboot\n")]
    [InlineData("[Interface]\nPostUp = a\u0000b\n")]
    public void RefusesWhatATerminalWouldTakeForItself(string conf)
    {
        ConfigException exception = Assert.Throws<ConfigException>(() => LinuxCommands.Write("wg0", conf));

        Assert.Equal(2, exception.Line);
    }

    [Fact]
    public void RefusesWhatIsNotUtf8() =>
        Assert.Throws<ConfigException>(() => LinuxCommands.Write("wg0", ConfEncoding.Decode([.. "[Interface]\n# "u8, 0x80])));

    /// <summary>The script is run with programs that write down how they are called, by both shells there are.</summary>
    [Theory]
    [InlineData("bash")]
    [InlineData("dash")]
    public void NoNameIsACommand(string shell)
    {
        string folder = Directory.CreateTempSubdirectory("chasqui-").FullName;
        try
        {
            foreach (string program in (string[])["ip", "wg", "reboot", "id", "mkdir", "cat"])
            {
                string path = Path.Combine(folder, program);
                File.WriteAllText(path, program switch
                {
                    "id" => "#!/bin/sh\necho 0\n",
                    "cat" or "mkdir" => "#!/bin/sh\n:\n",
                    _ => $"#!/bin/sh\necho {program} \"$@\" >>'{folder}/calls'\n",
                });
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            for (int seed = 0; seed < 12; seed++)
            {
                string conf = RandomConf.Next(new Random(seed));
                string text = LinuxCommands.Write("wg0", conf).Text.Replace("/etc/wireguard", $"{folder}/{seed}", StringComparison.Ordinal)
                    .Replace("umask 077\n", $"umask 077\n/bin/mkdir -p '{folder}/{seed}'\n", StringComparison.Ordinal);
                File.Delete(Path.Combine(folder, "calls"));

                Assert.True(Execute(shell, folder, text) == 0, $"seed {seed}: {text}");

                string[] expected = [.. text.Split('\n').Where(static line => line.StartsWith("ip ", StringComparison.Ordinal) || line.StartsWith("wg ", StringComparison.Ordinal))
                    .Select(static line => line.Replace(" <<'END_OF_KEY'", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal))];
                Assert.Equal(expected, File.ReadAllLines(Path.Combine(folder, "calls")));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Execute(string shell, string folder, string text)
    {
        var start = new ProcessStartInfo(shell, ["-s"]) { RedirectStandardInput = true };
        start.Environment["PATH"] = $"{folder}:/usr/bin:/bin";
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(text);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode;
    }
}
