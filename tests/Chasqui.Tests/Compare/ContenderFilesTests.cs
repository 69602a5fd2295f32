using Chasqui.Compare;
using Chasqui.Compare.Contenders;

namespace Chasqui.Tests.Compare;

public sealed class ContenderFilesTests
{
    [Fact]
    public void OnlyTheLeftEndOfOpenVpnIsTheTlsServer()
    {
        string left = OpenVpn.Configuration(End.Left, "AES-256-GCM", "/lab"), right = OpenVpn.Configuration(End.Right, "AES-256-GCM", "/lab");

        Assert.Contains("tls-server\n", left, StringComparison.Ordinal);
        Assert.DoesNotContain("tls-client", left, StringComparison.Ordinal);
        Assert.Contains("tls-client\n", right, StringComparison.Ordinal);
        Assert.DoesNotContain("tls-server", right, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(End.Left, "local 192.0.2.1", "remote 192.0.2.2 1194", "ifconfig 10.7.0.1 10.7.0.2", "key /lab/Left.key")]
    [InlineData(End.Right, "local 192.0.2.2", "remote 192.0.2.1 1194", "ifconfig 10.7.0.2 10.7.0.1", "key /lab/Right.key")]
    internal void OpenVpnsEndsMirrorEachOther(End end, params string[] lines)
    {
        string[] file = OpenVpn.Configuration(end, "CHACHA20-POLY1305", "/lab").Split('\n');

        Assert.Subset(file.ToHashSet(), lines.ToHashSet());
        Assert.Contains("data-ciphers CHACHA20-POLY1305", file);
        Assert.Contains("disable-dco", file);
        Assert.Contains("tun-mtu 1420", file);
    }

    [Fact]
    public void StrongSwansEndsHaveSelectorsThatMirrorEachOther()
    {
        string left = StrongSwan.Connection(End.Left, "aes256gcm16"), right = StrongSwan.Connection(End.Right, "aes256gcm16");

        Assert.Contains("local_ts = 10.7.0.1/32", left, StringComparison.Ordinal);
        Assert.Contains("remote_ts = 10.7.0.2/32", left, StringComparison.Ordinal);
        Assert.Contains("local_ts = 10.7.0.2/32", right, StringComparison.Ordinal);
        Assert.Contains("esp_proposals = aes256gcm16", right, StringComparison.Ordinal);
        Assert.Equal(left.Count(c => c == '{'), left.Count(c => c == '}'));
    }

    [Fact]
    public void StrongSwansDaemonsShareNoFile()
    {
        string left = StrongSwan.Settings(End.Left, "/lab"), right = StrongSwan.Settings(End.Right, "/lab");

        string[] pathsOfBoth = [.. Paths(left).Intersect(Paths(right))];

        Assert.Empty(pathsOfBoth);
        Assert.Equal(2, Paths(left).Count());
    }

    [Fact]
    public void BothEndsOfKernelIpsecHaveTheSameTwoStates()
    {
        byte[][] keys = [[1, 2], [3, 4]];
        string[] left = [.. KernelIpsec.Commands(End.Left, "a", keys)], right = [.. KernelIpsec.Commands(End.Right, "a", keys)];

        Assert.Equal(left[..2], right[..2]);
        Assert.StartsWith("xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 256 ", left[0], StringComparison.Ordinal);
        Assert.EndsWith("aead a 0x0102 128", left[0], StringComparison.Ordinal);
        Assert.EndsWith("aead a 0x0304 128", left[1], StringComparison.Ordinal);
    }

    [Fact]
    public void WhatOneEndOfKernelIpsecSendsOutTheOtherLetsIn()
    {
        string[] left = [.. KernelIpsec.Commands(End.Left, "a", [[], []])], right = [.. KernelIpsec.Commands(End.Right, "a", [[], []])];

        Assert.Equal(left[2].Replace("dir out", "dir in", StringComparison.Ordinal), right[3]);
        Assert.Equal(right[2].Replace("dir out", "dir in", StringComparison.Ordinal), left[3]);
    }

    [Theory]
    [InlineData("Error: Unknown device type.", "Unknown device type")]
    [InlineData("RTNETLINK answers: Protocol not supported\nmore", "RTNETLINK answers: Protocol not supported")]
    public void ARefusalIsAPartOfASentence(string said, string refusal) => Assert.Equal(refusal, KernelSupport.FirstLine(said));

    private static IEnumerable<string> Paths(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word.Contains('/', StringComparison.Ordinal));
}
