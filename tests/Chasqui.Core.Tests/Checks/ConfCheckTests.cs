using Chasqui.Core.Checks;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Tests.Config;

namespace Chasqui.Core.Tests.Checks;

public sealed class ConfCheckTests
{
    private const string Private = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string Own = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=";
    private const string Office = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private const string Phone = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";
    private const string Preshared = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";
    private const string Zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private const string Head = $"[Interface]\nPrivateKey = {Private}\nListenPort = 51820\n";
    private const string PeerOffice = $"[Peer]\n# Name = office\nPublicKey = {Office}\n";
    private const string PeerPhone = $"[Peer]\n# Name = phone\nPublicKey = {Phone}\n";

    [Fact]
    public void AGoodFileHasNoFindings() => Assert.Empty(Check(
        $"""
        [Interface]
        PrivateKey = {Private}
        Address = 10.8.0.1/24, fd00:8::1/64
        ListenPort = 51820
        DNS = 10.8.0.1, fd00:8::1, office.example
        MTU = 1420
        Table = auto
        SaveConfig = true
        PostUp = echo up # %i

        [Peer]
        # Name = exit
        PublicKey = {Office}
        PresharedKey = {Preshared}
        # AllowedIPs = 0.0.0.0/0 - 192.0.0.0/8
        AllowedIPs = 0.0.0.0/1, 128.0.0.0/2, 193.0.0.0/8, 194.0.0.0/7, 196.0.0.0/6, 200.0.0.0/5, 208.0.0.0/4, 224.0.0.0/3
        Endpoint = vpn.example.org:51820
        PersistentKeepalive = 25

        [Peer]
        # Name = phone
        PublicKey = {Phone}
        AllowedIPs = 10.8.0.2/32, fd00:8::2/128
        """));

    [Theory]
    [InlineData("AllowedIP = ::/0", "6: error: [Peer office] AllowedIP: there is no such key in a [Peer] section. Did you mean AllowedIPs?")]
    [InlineData("Endpiont = a:1", "6: error: [Peer office] Endpiont: there is no such key in a [Peer] section. Did you mean Endpoint?")]
    [InlineData("Keepalive = 25", "6: error: [Peer office] Keepalive: there is no such key in a [Peer] section. Did you mean PersistentKeepalive?")]
    [InlineData("Adress = ::1", "6: error: [Peer office] Adress: there is no such key in a [Peer] section. Did you mean Address, which belongs to [Interface]?")]
    [InlineData("Address = ::1", "6: error: [Peer office] Address: the key belongs to [Interface]. Move it there.")]
    [InlineData("FwMark = 1", "6: error: [Peer office] FwMark: the key belongs to [Interface]. Move it there.")]
    [InlineData("Name = office", "6: error: [Peer office] Name: there is no such key in a [Peer] section. Write a name as a comment, # Name = ….")]
    [InlineData("Colour = red", "6: error: [Peer office] Colour: there is no such key in a [Peer] section. Correct it, move it, or leave it out.")]
    [InlineData("Endpoint = a.b", "6: error: [Peer office] Endpoint: `a.b' has no port. Give HOST:PORT.")]
    [InlineData("Endpoint = 1.2.3.4:0", "6: error: [Peer office] Endpoint: `1.2.3.4:0' has the port 0, to which nothing can be sent. Give HOST:PORT with a port from 1 to 65535.")]
    [InlineData("Endpoint = 1.2.3.4:70000", "6: error: [Peer office] Endpoint: `70000' is above 65535. As in stock tools 4464 is what counts.")]
    [InlineData("Endpoint = 1.2.3.400:5", "6: error: [Peer office] Endpoint: `1.2.3.400:5' cannot be resolved (a name has letters, digits, '-' and dots only). Check the name, or give an address.")]
    [InlineData("Endpoint = a:http-ish", "6: error: [Peer office] Endpoint: `a:http-ish' cannot be resolved (the port is neither a number nor the name of a UDP service). Check the name, or give an address.")]
    [InlineData("AllowedIPs = 10.8.0.2/33", "6: error: [Peer office] AllowedIPs: `10.8.0.2/33' needs a length from 0 to 32 after the '/'.")]
    [InlineData("PersistentKeepalive = 99999", "6: error: [Peer office] PersistentKeepalive: `99999' is no interval. Give off, or seconds from 0 to 65535.")]
    [InlineData("PresharedKey = 16f0b2870b3d731c16a15e3110bb5f26f8c937ecd05513c84a59515a07a8a551", "6: error: [Peer office] PresharedKey: the value is a key in hexadecimal. Give the same 32 bytes in base64, 44 characters.")]
    [InlineData("PresharedKey = FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVF=", "6: error: [Peer office] PresharedKey: the value's last digit has bits that 32 bytes do not have. Copy it again from where it was made.")]
    [InlineData("PresharedKey = FpCyhws9cxwWoV4xELtfJvjJN-zQVRPISllRWgeopVE=", "6: error: [Peer office] PresharedKey: the value has '-' or '_', which are of another alphabet. Write '+' for '-' and '/' for '_'.")]
    [InlineData("PresharedKey = FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopV", "6: error: [Peer office] PresharedKey: the value has 42 characters. A key in base64 has 44, the last one '='.")]
    [InlineData("PresharedKey = " + Private, "6: error: [Peer office] PresharedKey: the value is this interface's private key. Make one with `chasqui genpsk'.")]
    [InlineData("PresharedKey = " + Office, "6: error: [Peer office] PresharedKey: the value is the peer's public key, which is no secret. Make one with `chasqui genpsk'.")]
    [InlineData("PresharedKey = " + Zero, "6: warning: [Peer office] PresharedKey: the key is all zeros, which stands for no key. Remove it, or put one there that `chasqui genpsk' makes.")]
    [InlineData("AllowedIPs = 10.8.0.2/24", "6: warning: [Peer office] AllowedIPs: `10.8.0.2/24' has bits set after its length. 10.8.0.0/24 is what counts.")]
    [InlineData("# AllowedIPs = 0.0.0.0/0 - 10.0.0.0/8", "6: warning: [Peer office] AllowedIPs: the comment `0.0.0.0/0 - 10.0.0.0/8' comes to other prefixes than the AllowedIPs beside it. Put what `chasqui ips' prints for it there, or remove the comment.")]
    [InlineData("# AllowedIPs = 0.0.0.0/0 - 10.0.0.0/33", "6: warning: [Peer office] AllowedIPs: the comment is no arithmetic of prefixes: `10.0.0.0/33' at column 13 needs a length from 0 to 32 after the '/'.")]
    [InlineData("PersistentKeepalive = 25", "6: warning: [Peer office] PersistentKeepalive: nothing is sent to a peer without an Endpoint until it was heard. Add the Endpoint, or set this on the other end.")]
    [InlineData("Endpoint = 1.2.3.4:5\nEndpoint = 1.2.3.4:6", "6: warning: [Peer office] Endpoint: the key is there again in line 7, and only the last one counts. Remove one of them.")]
    [InlineData("Endpoint = 172.16.3.3:5", "6: warning: [Peer office] Endpoint: 172.16.3.3 is in 172.16.0.0/16, which goes through the tunnel to office (line 4). Leave the address out of AllowedIPs, as `chasqui ips' does it, or set FwMark and a rule for it.")]
    [InlineData("AllowedIPs = 172.16.3.3/16", "6: warning: [Peer office] AllowedIPs: `172.16.3.3/16' has bits set after its length. 172.16.0.0/16 is what counts.|8: warning: [Peer office] AllowedIPs: 172.16.0.0/16 is there more than once. Remove one of them.")]
    [InlineData("\u001b[31m", "6: error: [Peer office]: the line is neither a section nor a key with a value. Correct it, or put '#' before it.")]
    public void TellsWhatIsWrongInAPeer(string lines, string findings) => Assert.Equal(
        findings.Split('|'),
        Check(Head + PeerOffice.Insert(PeerOffice.IndexOf("PublicKey", StringComparison.Ordinal), lines + "\n") + "AllowedIPs = 172.16.0.0/16\n"));

    [Theory]
    [InlineData("Address = 10.0.0.300/24", "4: error: [Interface] Address: `10.0.0.300/24' is no IPv4 or IPv6 address. Give ADDRESS/LENGTH.")]
    [InlineData("Address = 10.0.0.0/24", "4: warning: [Interface] Address: `10.0.0.0/24' is the address of the network itself, which no host has. Give the interface an address in it.")]
    [InlineData("Address = 10.0.0.1/24, 10.0.0.1/32", "4: warning: [Interface] Address: `10.0.0.1/32' is there more than once. Remove one of them.")]
    [InlineData("MTU = big", "4: error: [Interface] MTU: `big' is no MTU. Give a number from 68 to 65535, or leave it out.")]
    [InlineData("MTU = 65536", "4: error: [Interface] MTU: `65536' is no MTU. Give a number from 68 to 65535, or leave it out.")]
    [InlineData("MTU = 1441", "4: warning: [Interface] MTU: `1441' is too large for a way of 1500 bytes over IPv4: large packets are lost. Give 1440 or less, or leave it out to have it found.")]
    [InlineData("MTU = 1279\nAddress = ::1", "4: warning: [Interface] MTU: `1279' is too small for IPv6, which the system turns off then. Give 1280 or more.")]
    [InlineData("Table = OFF", "4: error: [Interface] Table: `OFF' is neither off nor auto, in lower case, nor a routing table's number or name. Correct it, or leave it out.")]
    [InlineData("Table = 0", "4: error: [Interface] Table: `0' is neither off nor auto, in lower case, nor a routing table's number or name. Correct it, or leave it out.")]
    [InlineData("DNS = 1.1.1", "4: error: [Interface] DNS: `1.1.1' is no IPv4 or IPv6 address. Give the address of a name server without a port.")]
    [InlineData("DNS = 1.1.1.1:53", "4: error: [Interface] DNS: `1.1.1.1:53' is no IPv4 or IPv6 address. Give the address of a name server without a port.")]
    [InlineData("DNS = büro.example", "4: error: [Interface] DNS: `büro.example' is neither the address of a name server nor a domain. A domain has letters, digits, '-', '_' and dots; one of another alphabet begins with xn--.")]
    [InlineData("SaveConfig = yes", "4: error: [Interface] SaveConfig: `yes' is neither true nor false.")]
    [InlineData("ListenPort = 70000", "3: warning: [Interface] ListenPort: the key is there again in line 4, and only the last one counts. Remove one of them.|4: error: [Interface] ListenPort: `70000' is above 65535. As in stock tools 4464 is what counts.")]
    [InlineData("PostUp = echo \a", "4: error: [Interface]: the command has a control character, which no shell is given. Put the command into a script.")]
    [InlineData("AllowedIPs = ::/0", "4: error: [Interface] AllowedIPs: the key belongs to [Peer]. Move it there.")]
    [InlineData("AdressS = ::/0", "4: error: [Interface] AdressS: there is no such key in an [Interface] section. Did you mean Address?")]
    [InlineData("[Interface]", "4: warning: [Interface]: a second [Interface] section adds to the one in line 1. Put both into one, or into two files.")]
    [InlineData("[Peers]\nPublicKey = x", "4: error: `[Peers]' is no section. There are [Interface] and [Peer].")]
    public void TellsWhatIsWrongInTheInterface(string lines, string findings) => Assert.Equal(findings.Split('|'), Check(Head + lines));

    [Theory]
    [InlineData("", "warning: the file has no [Interface] section. Add one with PrivateKey and Address.")]
    [InlineData("[Interface]\n", "1: warning: [Interface] PrivateKey: the interface has no private key, without which it answers nobody. Add one that `chasqui genkey' makes, or set it in PostUp.")]
    [InlineData("[Interface]\nPostUp = wg set %i private-key <(pass wg)\n", "")]
    [InlineData($"[Interface]\nPrivateKey = {Zero}\n", "2: warning: [Interface] PrivateKey: the key is all zeros, which stands for no key. Put one there that `chasqui genkey' makes.")]
    [InlineData(Head + "[Peer]\nAllowedIPs = ::1\n", "4: error: [Peer] PublicKey: the peer has no public key. Add one.")]
    [InlineData(Head + "[Peer]\nAllowedIPs = ::1\nPublicKey = abc\n", "6: error: [Peer] PublicKey: the value has 3 characters. A key in base64 has 44, the last one '='.")]
    [InlineData(Head + PeerOffice, "4: warning: [Peer office] AllowedIPs: the peer has none, so that no packet goes to it or is taken from it. Add its addresses.")]
    [InlineData($"[Interface]\nPrivateKey = {Private}\n" + PeerOffice + "AllowedIPs = ::1\n", "3: warning: [Peer office] Endpoint: the peer has no Endpoint and the interface no ListenPort, so that neither end knows where the other is. Add one of them.")]
    [InlineData("[ Interface ]\nPrivateKey = " + Private, "1: warning: [Interface]: the title has white space inside, with which wg-quick does not know it. Write [Interface].")]
    [InlineData("ListenPort = 1\n" + Head, "1: error: ListenPort: the key stands before any section. Put [Interface] or [Peer] above it.")]
    [InlineData(Head + $"[Peer]\nPublicKey = {Zero}\nAllowedIPs = ::1", "5: error: [Peer AAAAAAAA…] PublicKey: the key is all zeros. Get the peer's public key again.")]
    [InlineData(Head + $"[Peer]\nPublicKey = {Own}\nAllowedIPs = ::1", "5: error: [Peer HIgo9xNz…] PublicKey: the key is this interface's own, so that the peer is skipped. Put the public key of the other end there.")]
    public void TellsWhatIsMissing(string text, string findings) =>
        Assert.Equal(findings.Split('|', StringSplitOptions.RemoveEmptyEntries), Check(text));

    [Fact]
    public void EqualPrefixesNameBothPeersAndNestedOnesAreFine() => Assert.Equal(
        ["11: error: [Peer phone] AllowedIPs: 10.8.0.2/32 is taken from office (line 4), which has it too. Leave it to one of office and phone, or give each a part of it."],
        Check(Head + PeerOffice + "AllowedIPs = 10.8.0.2, 0.0.0.0/0\n" + PeerPhone + "AllowedIPs = 10.8.0.2/32\n"));

    [Fact]
    public void APeerIsThereOnce() => Assert.Equal(
        ["8: warning: [Peer office] Name: the peer in line 4 has the same name. Rename one of them.",
            "10: error: [Peer office] PublicKey: office (line 4) is the same peer, whose AllowedIPs these replace. Put both into one section, or correct the key."],
        Check(Head + PeerOffice + "AllowedIPs = ::1\n" + PeerOffice + "AllowedIPs = ::2\n"));

    [Fact]
    public void APeerIsNotThisInterface() => Assert.Equal(
        ["5: warning: [Interface] Address: `10.8.0.1/24' is there", "9: warning: [Peer office] AllowedIPs: 10.8.0.1/32 is this interface's own address. Give the peer's."],
        Check(Head + "Address = 10.8.0.1/32\nAddress = 10.8.0.1/24\n" + PeerOffice + "AllowedIPs = 10.8.0.1/32, 10.8.0.0/24\n")
            .Select(static finding => finding.StartsWith('5') ? finding[..55] : finding));

    [Fact]
    public void AnMtuForIPv6EndpointsIsSmaller() => Assert.Equal(
        ["4: warning: [Interface] MTU: `1440' is too large for a way of 1500 bytes over IPv6: large packets are lost. Give 1420 or less, or leave it out to have it found."],
        Check(Head + "MTU = 1440\n" + PeerOffice + "Endpoint = [2001:db8::1]:5\nAllowedIPs = ::1\n"));

    [Theory]
    [InlineData("wg0.conf", true, true, " warning: every user")]
    [InlineData("wg0.conf", false, false, "4: error: [Interface]: commands run as root")]
    [InlineData("wg0.conf", false, true, "")]
    [InlineData("wg0.txt", false, true, " error: the name does not end with .conf")]
    [InlineData("a name.conf", false, true, " error: `a name.conf' is no interface's name")]
    [InlineData("dir/ab345678901234567.conf", false, true, " error: `ab345678901234567' is longer than the 15")]
    public void TellsWhatIsWrongWithTheFile(string file, bool isWorldReadable, bool isOnlyRoots, string finding)
    {
        CheckSubject subject = new()
        {
            Text = Head + "PostUp = true\n",
            File = file,
            Facts = new CheckFileFacts(isWorldReadable, isOnlyRoots),
        };

        string[] findings = [.. ConfCheck.Run(subject).Select(static f => f.ToString())];

        Assert.Equal(finding.Length == 0 ? 0 : 1, findings.Length);
        Assert.StartsWith(file + ":" + finding, findings.FirstOrDefault(file + ":"), StringComparison.Ordinal);
    }

    [Fact]
    public void LowOrderPointsAreThoseWithWhichNothingIsAgreed()
    {
        Span<byte> shared = stackalloc byte[32];
        byte[] secret = Convert.FromBase64String(Private);
        foreach (string point in (string[])
            ["0000000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000080",
                "E0EB7A7C3B41B8AE1656E3FAF19FC46ADA098DEB9C32B1FD866205165F49B800", "5F9C95BCA3508C24B1D0B1559C83EF5B04445CC4581C8E86D8224EDDD09F1157",
                "ECFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F", "EDFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                "EEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F"])
        {
            byte[] key = Convert.FromHexString(point);

            Assert.False(X25519.TryAgree(secret, key, shared), point);
            Assert.True(new PublicKey(key).IsLowOrder, point);
        }

        Assert.False(new PublicKey(Convert.FromBase64String(Office)).IsLowOrder);
        Assert.False(new PublicKey(Convert.FromHexString("EFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F")).IsLowOrder);
    }

    [Fact]
    public void ThousandsOfPeersAreCheckedInPassesNotInPairs()
    {
        var text = new System.Text.StringBuilder(Head);
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            text.Append("[Peer]\nPublicKey = ").Append(StockWg.RandomKey(random)).Append("\nEndpoint = 192.0.2.1:5\nEndpoint = 192.0.2.1:5\nAllowedIPs = 10.")
                .Append(i >> 8).Append('.').Append(i & 255).Append(".0/24\n");
        }

        Assert.Equal(20_000, Check(text.ToString()).Count);
    }

    private static IReadOnlyList<string> Check(string text) =>
        [.. ConfCheck.Run(new CheckSubject { Text = text }).Select(static finding => finding.ToString())];
}
