using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Commands that are given files with keys in all the wrong places: no key is said, nor told to what they start.</summary>
/// <remarks>The work-alikes under stock's own names are not among them: they write stock's sentences byte for byte, and stock quotes what it cannot read.</remarks>
public sealed class SecretsInToolsTests : SystemTest
{
    private readonly string _secret = WgKey.Random();
    private readonly string _privateKey = WgKey.Generate().Private;
    private readonly string _peer = WgKey.Generate().Public;

    /// <summary>A key where something else belongs, or next to its place.</summary>
    private string[] Misplaced =>
    [
        $"ListenPort = {_secret}", $"FwMark = {_secret}", $"Address = {_secret}", $"MTU = {_secret}", $"DNS = {_secret}", $"Table = {_secret}", $"SaveConfig = {_secret}",
        $"PrivateKey = {_secret}{_secret}", $"PrivateKey = {_secret[1..]}", $"PrivatKey = {_secret}", _secret, $"{_secret} = 1", $"[{_secret}]",
        $"[Peer]\nPublicKey = {_peer}\nPresharedKey = x{_secret}", $"[Peer]\nPublicKey = {_peer}\nAllowedIPs = {_secret}", $"[Peer]\nPublicKey = {_peer}\nEndpoint = {_secret}",
        $"[Peer]\nPublicKey = {_peer}\nEndpoint = {_secret}:51820", $"[Peer]\nPublicKey = {_peer}\nPersistentKeepalive = {_secret}",
    ];

    [Theory]
    [InlineData("check FILE")]
    [InlineData("setconf INTERFACE FILE")]
    [InlineData("addconf INTERFACE FILE")]
    [InlineData("syncconf INTERFACE FILE")]
    [InlineData("up FILE")]
    [InlineData("down FILE")]
    [InlineData("reload FILE")]
    [InlineData("diff FILE")]
    [InlineData("save FILE")]
    [InlineData("import FILE --output FOLDER")]
    [InlineData("peer list FILE")]
    [InlineData("peer add FILE phone --output FOLDER/phone.conf")]
    [InlineData("peer rotate FILE phone")]
    public void AMisplacedKeyIsNotSaid(string words)
    {
        using var quick = new WgQuick(Implementation.Chasqui, NewNamespace(), [Programs.PathOf(Implementation.Chasqui)]);
        var folder = Own(new TemporaryFolder()).Path;
        var refused = 0;
        foreach (var line in Misplaced)
        {
            quick.Write($"[Interface]\nPrivateKey = {_privateKey}\n{line}\n");

            var result = quick.TryWords([.. words.Split(' ').Select(word => word
                .Replace("FILE", quick.File, StringComparison.Ordinal)
                .Replace("INTERFACE", quick.Interface, StringComparison.Ordinal)
                .Replace("FOLDER", folder, StringComparison.Ordinal))]);

            refused += result.Succeeded ? 0 : 1;
            AssertUnsaid(result.Output + result.Error, $"{words} with {line}", _secret, _privateKey);
        }

        Assert.True(refused > Misplaced.Length / 2, $"{words} refuses {refused} of {Misplaced.Length} files: does it read them?");
    }

    /// <summary>Hooks see the interface's name; neither they nor anything else that runs meanwhile has a key among its words or in its environment.</summary>
    [Fact]
    public void WhatUpStartsIsToldNoKey()
    {
        using var quick = new WgQuick(Implementation.Chasqui, NewNamespace(), [Programs.PathOf(Implementation.Chasqui)]);
        var seen = $"{Own(new TemporaryFolder()).Path}/seen";
        quick.Write(
            $"""
            [Interface]
            PrivateKey = {_privateKey}
            Address = 10.99.0.1/24
            PostUp = cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ /proc/self/environ > {seen} 2>/dev/null; false
            [Peer]
            PublicKey = {_peer}
            PresharedKey = {_secret}
            AllowedIPs = 10.99.0.2/32

            """);

        var result = quick.TryWords(["up", quick.File]);

        Assert.False(result.Succeeded);
        var told = File.ReadAllText(seen);
        Assert.Contains(quick.Interface, told, StringComparison.Ordinal);
        AssertUnsaid(told, "what runs", _secret, _privateKey);
        AssertUnsaid(result.Output + result.Error, "up", _secret, _privateKey);
    }

    private static void AssertUnsaid(string text, string where, params string[] keys)
    {
        foreach (var key in keys)
        {
            Assert.True(!text.Contains(key[2..40], StringComparison.Ordinal), $"{where}: a key is said:\n{text}");
            Assert.True(!text.Contains(WgKey.Hex(key), StringComparison.OrdinalIgnoreCase), $"{where}: a key is said:\n{text}");
        }
    }
}
