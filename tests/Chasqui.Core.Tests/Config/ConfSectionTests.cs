using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config;

public sealed class ConfSectionTests
{
    [Theory]
    [InlineData("ListenPort = 1", "ListenPort = 2")]
    [InlineData("  listenPORT=1   # why", "  listenPORT=2   # why")]
    [InlineData("ListenPort =", "ListenPort = 2")]
    [InlineData("ListenPort = # why", "ListenPort = 2 # why")]
    [InlineData("Listen Port\t=\t1\r", "Listen Port\t=\t2\r")]
    [InlineData("ListenPort = 1\nFwMark = 3\nListenPort = 4", "ListenPort = 2\nFwMark = 3")]
    [InlineData("FwMark = 3", "FwMark = 3\nListenPort = 2")]
    [InlineData("\tFwMark = 3\n\n# end", "\tFwMark = 3\n\tListenPort = 2\n\n# end")]
    [InlineData("# note", "# note\nListenPort = 2")]
    [InlineData("", "ListenPort = 2\n")]
    public void SetsAValueInItsPlace(string before, string after)
    {
        ConfDocument document = Interface(before);

        document.Interface!.Set(ConfKeys.ListenPort, "2");

        Assert.Equal("[Interface]\n" + after, document.ToString());
        Assert.Equal("2", document.Interface.Get("listenport"));
    }

    [Fact]
    public void AddsBelowItsLikes()
    {
        ConfDocument document = Interface("Address = 10.0.0.1/24\nMTU = 1420");

        document.Interface!.Add(ConfKeys.Address, "fd00::1/64");

        Assert.Equal("[Interface]\nAddress = 10.0.0.1/24\nAddress = fd00::1/64\nMTU = 1420", document.ToString());
        Assert.Equal(["10.0.0.1/24", "fd00::1/64"], document.Interface.GetAll("ADDRESS"));
    }

    [Fact]
    public void RemovesAllValues()
    {
        ConfDocument document = Interface("Address = 10.0.0.1/24\n# stays\nMTU = 1420\naddress = ::1");

        Assert.True(document.Interface!.Remove(ConfKeys.Address));
        Assert.False(document.Interface.Remove(ConfKeys.Address));
        Assert.Equal("[Interface]\n# stays\nMTU = 1420", document.ToString());
    }

    [Fact]
    public void TheLastValueCounts() => Assert.Equal("2", Interface("MTU = 1\nMTU = 2").Interface!.Get(ConfKeys.Mtu));

    [Fact]
    public void AHooksValueKeepsItsHash()
    {
        ConfDocument document = Interface("PostUp = echo '#1' # two ");

        Assert.Equal("echo '#1' # two", document.Interface!.Get(ConfKeys.PostUp));
        document.Interface.Set(ConfKeys.PostUp, "echo #3");
        Assert.Equal("[Interface]\nPostUp = echo #3 ", document.ToString());
    }

    [Theory]
    [InlineData("Address", "10.0.0.1\nPostUp = reboot")]
    [InlineData("Address", "10.0.0.1\rx")]
    [InlineData("Address", "\0")]
    [InlineData("Address", "\u001b[2J")]
    [InlineData("Address", "a\u0085b")]
    [InlineData("Address", "a\u2028b")]
    [InlineData("Address", "a\u202eb")]
    [InlineData("Address", "10.0.0.1 # x")]
    [InlineData("Address", " ")]
    [InlineData("PostUp", "a\nb")]
    [InlineData("Post Up", "a")]
    [InlineData("A=B", "a")]
    [InlineData("", "a")]
    [InlineData("[Peer]", "a")]
    [InlineData("é", "a")]
    public void WhatWouldBreakOutIsRefused(string key, string value)
    {
        ConfDocument document = Interface("MTU = 1");

        Assert.Throws<ConfigException>(() => document.Interface!.Set(key, value));
        Assert.Throws<ConfigException>(() => document.Interface!.Add(key, value));
        Assert.Equal("[Interface]\nMTU = 1", document.ToString());
    }

    [Fact]
    public void HalfACharacterIsRefused()
    {
        ConfSection section = Interface("MTU = 1").Interface!;

        Assert.Throws<ConfigException>(() => section.Set(ConfKeys.Address, "a\ud800"));
        Assert.Throws<ConfigException>(() => section.Set(ConfKeys.Address, "\udc00\ud800"));
    }

    [Theory]
    [InlineData("[Peer]\n# Name = office", "office")]
    [InlineData("[Peer]\n#name=a = b", "a = b")]
    [InlineData("[Peer]\n# first\n# Name = office", "office")]
    [InlineData("# Name = office\n[Peer]\n# first", "office")]
    [InlineData("[Peer] # Name = office", "office")]
    [InlineData("[Peer] # office", "office")]
    [InlineData("[Peer]\n# office\n# second", "office")]
    [InlineData("[Peer]\nEndpoint = a:1\n## office ##", "office ##")]
    [InlineData("# office\n[Peer]", "office")]
    [InlineData("# far\n# office\n[Peer]", "office")]
    [InlineData("# far\n\n[Peer]", null)]
    [InlineData("[Peer]\n# AllowedIPs = ::/0\n#------\n#\n# office", "office")]
    [InlineData("[Peer]\n#PresharedKey = secret", null)]
    [InlineData("[Peer]\nEndpoint = a:1 # inline", null)]
    [InlineData("[Peer]\n# Name =", "Name =")]
    [InlineData("[Peer]\n# a\u001bb", null)]
    [InlineData("[Peer]", null)]
    public void FindsTheName(string text, string? name) => Assert.Equal(name, ConfDocument.Parse(text).Sections[0].Name);

    [Theory]
    [InlineData("[Peer]\n# Name = office\nA = 1", "[Peer]\n# Name = new\nA = 1")]
    [InlineData("[Peer]\n# office\nA = 1", "[Peer]\n# Name = new\nA = 1")]
    [InlineData("[Peer]  # office\r\nA = 1", "[Peer]  # Name = new\r\nA = 1")]
    [InlineData("# office\n[Peer]", "# Name = new\n[Peer]")]
    [InlineData("[Peer]\nA = 1", "[Peer]\n# Name = new\nA = 1")]
    [InlineData("[Peer]\r\nA = 1", "[Peer]\r\n# Name = new\r\nA = 1")]
    [InlineData("[Peer]\n# MTU = 1", "[Peer]\n# Name = new\n# MTU = 1")]
    public void Renames(string before, string after)
    {
        var document = ConfDocument.Parse(before);

        document.Sections[0].Rename(" new ");

        Assert.Equal(after, document.ToString());
        Assert.Equal("new", document.Sections[0].Name);
    }

    [Theory]
    [InlineData("[Peer]\n# Name = office\nA = 1", "[Peer]\nA = 1")]
    [InlineData("[Peer] # office\r\nA = 1", "[Peer]\r\nA = 1")]
    [InlineData("[Peer]\nA = 1", "[Peer]\nA = 1")]
    public void TakesTheNameAway(string before, string after)
    {
        var document = ConfDocument.Parse(before);

        document.Sections[0].Rename(null);

        Assert.Equal(after, document.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("a\nPostUp = reboot")]
    [InlineData("a\r")]
    [InlineData("a\u001b[0m")]
    [InlineData("a\u2029b")]
    [InlineData("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=")]
    public void WhatIsNoNameIsRefused(string name)
    {
        ConfDocument document = Interface("MTU = 1\n[Peer]");

        Assert.Throws<ConfigException>(() => document.Sections[1].Rename(name + (name == "a\r" ? "b" : "")));
        Assert.Equal("[Interface]\nMTU = 1\n[Peer]", document.ToString());
    }

    [Fact]
    public void NamesOfAnyLanguageAndShellCharactersStayComments()
    {
        string name = "Büro №1 👩‍👩‍👧 $(reboot); `x` [Peer] = #2";
        var document = ConfDocument.Parse("[Peer]\n");
        document.Sections[0].Rename(name);

        var again = ConfDocument.Parse(document.ToString());

        Assert.Equal(name, again.Sections[0].Name);
        Assert.Empty(again.Sections[0].Entries);
        Assert.Single(again.Sections);
    }

    [Fact]
    public void ANoteStandsAboveTheEntryItIsAbout()
    {
        var document = ConfDocument.Parse("[Peer]\n# Name = a\nEndpoint = a:1\n  AllowedIPs = ::/0\n");

        document.Sections[0].SetNote(ConfKeys.AllowedIps, "::/0 - fd00::/8");
        document.Sections[0].SetNote(ConfKeys.AllowedIps, "::/0 - fe80::/10");

        Assert.Equal("[Peer]\n# Name = a\nEndpoint = a:1\n  # AllowedIPs = ::/0 - fe80::/10\n  AllowedIPs = ::/0\n", document.ToString());
        Assert.Equal("::/0 - fe80::/10", document.Sections[0].GetNote("allowedips"));
        Assert.Equal("a", document.Sections[0].Name);
    }

    [Fact]
    public void AllowedAddressesComeWithTheirArithmeticAbove()
    {
        var document = ConfDocument.Parse("[Peer]\n# office\n# AllowedIPs = 10.0.0.0/8, 10.1.0.0/16\nAllowedIPs = ::/0\nAllowedIPs = ::/1\n");
        ConfSection peer = document.Sections[0];
        Assert.Null(peer.AllowedIpsFormula);

        peer.SetAllowedIps(AllowedIpsExpression.Parse("all&0.0.0.0/0+0.0.0.0/0 - 0.0.0.0/1"));

        Assert.Equal(
            "[Peer]\n# office\n# AllowedIPs = 10.0.0.0/8, 10.1.0.0/16\n# AllowedIPs = all & 0.0.0.0/0 + 0.0.0.0/0 - 0.0.0.0/1\nAllowedIPs = 128.0.0.0/1\n",
            document.ToString());
        Assert.Equal("office", peer.Name);
        Assert.Equal("all & 0.0.0.0/0 + 0.0.0.0/0 - 0.0.0.0/1", peer.AllowedIpsFormula);

        peer.SetAllowedIps(AllowedIpsExpression.Parse("10.0.0.0/9, 10.128.0.0/9"));

        Assert.Equal("[Peer]\n# office\n# AllowedIPs = 10.0.0.0/8, 10.1.0.0/16\nAllowedIPs = 10.0.0.0/8\n", document.ToString());
        Assert.Throws<ConfigException>(() => peer.SetAllowedIps(AllowedIpsExpression.Parse("::1 - ::/0")));
    }

    [Theory]
    [InlineData("::/0 - ::/1", "8000::/1", false)]
    [InlineData("::/0 - ::/1", "8000::/2, c000::/2", false)]
    [InlineData("::/0 - ::/1", "8000::/2", true)]
    [InlineData("was ::/0 - ask Bob", "8000::/2", false)]
    [InlineData("::/1", "8000::/2", false)]
    public void ArithmeticThatWouldLieIsRemoved(string formula, string allowedIps, bool isRemoved)
    {
        var document = ConfDocument.Parse($"[Peer]\n# AllowedIPs = {formula}\nAllowedIPs = ::\n");
        IpPrefix[] prefixes = [.. allowedIps.Split(", ").Select(static text => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : default)];

        Assert.Equal(isRemoved, document.Sections[0].RemoveStaleFormula(prefixes));

        Assert.Equal(isRemoved ? "[Peer]\nAllowedIPs = ::\n" : $"[Peer]\n# AllowedIPs = {formula}\nAllowedIPs = ::\n", document.ToString());
    }

    private static ConfDocument Interface(string lines) => ConfDocument.Parse("[Interface]\n" + lines);
}
