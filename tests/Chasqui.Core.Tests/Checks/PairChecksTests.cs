using Chasqui.Core.Checks;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests.Checks;

public sealed class PairChecksTests
{
    private const string A = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string B = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string Preshared = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";

    private static readonly string Server =
        $"[Interface]\nPrivateKey = {A}\nAddress = 10.8.0.1/24\nListenPort = 51820\n[Peer]\n# phone\nPublicKey = {Public(B)}\nAllowedIPs = 10.8.0.2\n";

    private static readonly string Phone =
        $"[Interface]\nPrivateKey = {B}\nAddress = 10.8.0.2/24\n[Peer]\n# server\nPublicKey = {Public(A)}\nAllowedIPs = 10.8.0.0/24\nEndpoint = vpn.example:51820\n";

    [Fact]
    public void TwoEndsThatAgreeHaveNoFindings() => Assert.Empty(Check(Server, Phone));

    [Fact]
    public void BothMustKnowEachOther() => Assert.Equal(
        [$"b.conf:6: error: [Peer server] PublicKey: a.conf is this peer's file, and has no peer with the public key {Public(B)} of this one. Add or correct the peer there."],
        Check(Server[..Server.IndexOf("[Peer]", StringComparison.Ordinal)], Phone));

    [Fact]
    public void APeerWithTheOthersAddressHasItsKey() => Assert.Equal(
        [$"a.conf:7: error: [Peer phone] PublicKey: the peer has 10.8.0.2, the Address in b.conf, but not its public key. Put {Public(B)} there, or correct the address."],
        Check(
            Server.Replace(Public(B), Public(Preshared), StringComparison.Ordinal),
            Phone.Replace(Public(A), Public(Preshared), StringComparison.Ordinal)));

    [Fact]
    public void OneMustHaveAnEndpoint()
    {
        string text = Assert.Single(Check(Server, Phone.Replace("Endpoint = vpn.example:51820\n", "", StringComparison.Ordinal)
            .Replace("[Peer]", "ListenPort = 5\n[Peer]", StringComparison.Ordinal)));

        Assert.Contains("so that neither can begin. Add one on the side that can reach the other.", text, StringComparison.Ordinal);
        Assert.Contains("error: [Peer ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void PresharedKeysAreTheSame()
    {
        string withKey = Phone + $"PresharedKey = {Preshared}\n";

        Assert.Contains("PresharedKey: there is one here, and none in a.conf.", Other(Assert.Single(Check(Server, withKey))), StringComparison.Ordinal);
        Assert.Contains("the key is another than in", Assert.Single(Check(Server + $"PresharedKey = {A}\n".Replace('Y', 'Z'), withKey)), StringComparison.Ordinal);
        Assert.Empty(Check(Server + $"PresharedKey = {Preshared}\n", withKey));
    }

    [Fact]
    public void AddressesAreAllowed() => Assert.Equal(
        ["a.conf:8: error: [Peer phone] AllowedIPs: fd00::2, an Address in b.conf, is not among them, so that what comes from it is dropped. Add it."],
        Check(Server, Phone.Replace("10.8.0.2/24", "10.8.0.2/24, fd00::2/64", StringComparison.Ordinal)));

    [Fact]
    public void AddressesDiffer() => Assert.Contains(
        "10.8.0.1 is an Address in",
        Assert.Single(Check(
            Server.Replace("AllowedIPs = 10.8.0.2", "AllowedIPs = 10.8.0.0/24", StringComparison.Ordinal),
            Phone.Replace("Address = 10.8.0.2", "Address = 10.8.0.1", StringComparison.Ordinal))),
        StringComparison.Ordinal);

    [Fact]
    public void PortsAreTheSame() => Assert.Equal(
        ["b.conf:8: warning: [Peer server] Endpoint: the port is 51820, and a.conf listens at 51821. Make them the same, unless a router between them changes the port."],
        Check(Server.Replace("51820", "51821", StringComparison.Ordinal), Phone));

    [Fact]
    public void APrivateKeyIsOneInterfaces() => Assert.Equal(
        ["b.conf:2: warning: [Interface] PrivateKey: a.conf has the same private key, so that peers take both for one. Make another with `chasqui genkey'."],
        Check(Server, Server));

    [Theory]
    [InlineData("/etc/wireguard/wg0.conf", "/etc/wireguard/wg1.conf", true)]
    [InlineData("/etc/wireguard/phones/wg0.conf", "/etc/wireguard/phones/wg1.conf", false)]
    [InlineData("wg0.conf", "wg1.conf", false)]
    public void InterfacesOfThisMachineHaveTheirOwnPorts(string first, string second, bool isFound)
    {
        CheckSubject[] subjects =
            [new() { Text = Server, File = first }, new() { Text = Server.Replace(A, Preshared, StringComparison.Ordinal), File = second }];

        string[] findings = [.. ConfCheck.Run(subjects).Select(static finding => finding.ToString())];

        Assert.Equal(
            isFound ? ["/etc/wireguard/wg1.conf:4: warning: [Interface] ListenPort: /etc/wireguard/wg0.conf has the same port, so that only one of both interfaces can be up. Give one of them another."] : [],
            findings);
    }

    private static string Other(string finding) => finding
        .Replace("there is none here, and one in b.conf", "there is one here, and none in a.conf", StringComparison.Ordinal);

    private static string Public(string privateKey)
    {
        using var key = new PrivateKey(Convert.FromBase64String(privateKey));
        return key.DerivePublicKey().ToString();
    }

    private static IReadOnlyList<string> Check(string a, string b) =>
        [.. ConfCheck.Run([new CheckSubject { Text = a, File = "a.conf" }, new CheckSubject { Text = b, File = "b.conf" }]).Select(static f => f.ToString())];
}
