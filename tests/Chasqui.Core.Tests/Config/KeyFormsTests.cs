using Chasqui.Core.Checks;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests.Config;

public sealed class KeyFormsTests
{
    private const string Key = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string Hex = "6009f3e5317e9575c9b5ed78b638b7ce530dabe85ddab614220241801ddf0669";

    [Theory]
    [InlineData(Key)]
    [InlineData("YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk")] // the last character left behind
    [InlineData("Anz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=")] // or the first
    [InlineData("1" + Key)]
    [InlineData(Key + Key)]
    [InlineData(Hex)]
    [InlineData(Hex + "0")]
    public void WhatHasAKeysFormIsHidden(string key)
    {
        foreach (string text in (string[])[key, $"{key}:51820", $"10.8.0.1/{key}", $"a, {key}", $"[{key}]", $"\"{key}\""])
        {
            string shown = KeyForms.Hide(text);

            Assert.Contains(KeyForms.Hidden, shown, StringComparison.Ordinal);
            Assert.DoesNotContain(key[2..20], shown, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("10.8.0.1/24, fd00::1/64")]
    [InlineData("vpn.a-quite-long-name-of-a-host.example.com:51820")]
    [InlineData("/etc/wireguard/keys/of/all/the/offices/berlin")]
    [InlineData("/etc/wireguard/keys/of/all/the/offices/berlin.conf")]
    [InlineData("PostUp = iptables -A FORWARD -i %i -j ACCEPT; x=y")]
    public void EverythingElseStays(string text) => Assert.Equal(text, KeyForms.Hide(text));

    [Fact]
    public void NoKeyIsShownWhereverItIsWritten()
    {
        string[] keys = ["ListenPort", "FwMark", "MTU", "Address", "DNS", "Table", "SaveConfig"];
        string[] ofPeers = ["AllowedIPs", "Endpoint", "PersistentKeepalive", "PublicKey", "PresharedKey"];
        IEnumerable<string> files =
        [
            .. keys.Select(static key => $"[Interface]\n{key} = {Key}\n"),
            .. ofPeers.Select(static key => $"[Interface]\n[Peer]\n{key} = {Key}{Key}\n"),
            $"[Interface]\n{Key}\n", $"[{Key}]\n", $"[Interface]\n{Key} = 1\n", $"[Interface]\nListenPrt = {Key}\n",
            $"[Interface]\n[Peer] # {Key}\n", $"[Interface]\n[Peer]\n# Name = {Key}\nEndpoint = a\n",
        ];
        foreach (string text in files)
        {
            IReadOnlyList<CheckFinding> findings = ConfCheck.Run([new CheckSubject { Text = text, File = "wg0.conf" }]);

            Assert.NotEmpty(findings);
            Assert.All(findings, finding => Assert.DoesNotContain(Key[2..40], finding.ToString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void APeersNameOrPublicKeyIsNamedAsItIs()
    {
        Assert.Equal($"`{Key}'", ConfigException.QuoteNameOrKey(Key));
        Assert.Equal($"`{KeyForms.Hidden}'", ConfigException.Quote(Key));
        Assert.Equal(PublicKey.Length, Convert.FromBase64String(Key).Length);
    }
}
