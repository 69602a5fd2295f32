using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests.Config;

public sealed class ConfDocumentTests
{
    private const string KeyA = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private const string KeyB = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

    private const string Text = $"""
        ; not ours
        # The router
        [Interface]  # wg0
        Address = 10.0.0.1/24
        UnknownKey = kept

        # Name = office
        [Peer]
        PublicKey = {KeyA} # inline
          AllowedIPs=10.0.0.2/32,10.0.1.0/24

        # ---- phones ----

        [Peer]
        # phone of Ana
        PublicKey = {KeyB}
        """;

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("a")]
    [InlineData("[Peer]\r\n\r\nx")]
    [InlineData("\ufeff[Interface]\nA=1")]
    [InlineData("#\n[Peer")]
    [InlineData(Text)]
    public void GivesBackItsText(string text) => Assert.Equal(text, ConfDocument.Parse(text).ToString());

    [Fact]
    public void GivesBackAnyText()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            string text = new ConfTextSource(seed, hasSigns: true).NextNoise();

            Assert.True(text == ConfDocument.Parse(text).ToString(), $"seed {seed}");
        }
    }

    [Fact]
    public void KnowsPlaces()
    {
        ConfLine line = ConfDocument.Parse(Text).Sections[1].Entries.Last();

        Assert.Equal(("AllowedIPs", 10, 3, 14), (line.Key, line.Number, line.KeyColumn, line.ValueColumn));
        Assert.Equal("10.0.0.2/32,10.0.1.0/24", line.Value);
    }

    [Fact]
    public void KnowsSections()
    {
        var document = ConfDocument.Parse(Text + "\n[Other]\n[ pEEr ] # x\n");

        ConfSectionKind[] kinds = [.. document.Sections.Select(static section => section.Kind)];
        Assert.Equal([ConfSectionKind.Interface, ConfSectionKind.Peer, ConfSectionKind.Peer, ConfSectionKind.Unknown, ConfSectionKind.Peer], kinds);
        Assert.Equal([3, 8, 14, 17, 18], document.Sections.Select(static section => section.Number));
    }

    [Fact]
    public void FindsPeersByKeyAndByName()
    {
        var document = ConfDocument.Parse(Text);

        Assert.Same(document.Sections[1], document.FindPeer(KeyA));
        Assert.Same(document.Sections[1], document.FindPeer("office"));
        Assert.Same(document.Sections[2], document.FindPeer("phone of Ana"));
        Assert.Null(document.FindPeer("Office"));
        Assert.Null(document.FindPeer("wg0"));
    }

    [Fact]
    public void ANameOfTwoPeersFindsNeither()
    {
        var document = ConfDocument.Parse("[Peer]\n# Name = a\n[Peer] # a\n");

        ConfigException e = Assert.Throws<ConfigException>(() => document.FindPeer("a"));
        Assert.Equal("`a' is more than one peer; give the public key.", e.Message);
    }

    [Fact]
    public void AnAddedPeerComesLastWithAnEmptyLineBefore()
    {
        var document = ConfDocument.Parse("[Interface]\nMTU = 1420\n");

        ConfSection peer = document.AddPeer(Key(KeyA), "phone");
        peer.Add(ConfKeys.AllowedIps, "10.0.0.2/32");

        Assert.Equal(
            $"[Interface]\nMTU = 1420\n\n[Peer]\n# Name = phone\nPublicKey = {KeyA}\nAllowedIPs = 10.0.0.2/32\n",
            document.ToString());
    }

    [Fact]
    public void AnAddedPeerTakesTheLineEndsAndTheMissingLastOne()
    {
        var document = ConfDocument.Parse("[Interface]\r\nMTU = 1420\r");

        document.AddPeer(Key(KeyA), null);

        Assert.Equal($"[Interface]\r\nMTU = 1420\r\n\r\n[Peer]\r\nPublicKey = {KeyA}\r", document.ToString());
    }

    [Theory]
    [InlineData("[Interface]\nMTU = 1420\n")]
    [InlineData("[Interface]\nMTU = 1420")]
    [InlineData("# only a comment\n")]
    [InlineData("")]
    public void AddingAndRemovingAPeerLeavesNothing(string text)
    {
        var document = ConfDocument.Parse(text);
        document.AddPeer(Key(KeyA), "phone");
        var again = ConfDocument.Parse(document.ToString());

        Assert.True(again.Remove(again.FindPeer("phone")!));

        Assert.Equal(text, again.ToString());
    }

    [Fact]
    public void ARemovedPeerTakesItsOwnCommentsOnly()
    {
        var document = ConfDocument.Parse(Text);

        document.Remove(document.FindPeer("office")!);

        Assert.Equal(
            $"""
            ; not ours
            # The router
            [Interface]  # wg0
            Address = 10.0.0.1/24
            UnknownKey = kept

            # ---- phones ----

            [Peer]
            # phone of Ana
            PublicKey = {KeyB}
            """,
            document.ToString());
    }

    [Fact]
    public void APeerThatWasCommentedOutIsNotRemovedWithItsNeighbour()
    {
        var document = ConfDocument.Parse($"[Interface]\n\n#[Peer]\n#PublicKey = {KeyB}\n[Peer]\nPublicKey = {KeyA}\n");

        document.Remove(document.FindPeer(KeyA)!);

        Assert.Equal($"[Interface]\n\n#[Peer]\n#PublicKey = {KeyB}\n", document.ToString());
    }

    [Fact]
    public void AnInterfaceIsAddedOnTopOnce()
    {
        var document = ConfDocument.Parse($"# file\n\n[Peer]\nPublicKey = {KeyA}\n");

        document.AddInterface().Set(ConfKeys.ListenPort, "51820");

        Assert.Same(document.Interface, document.AddInterface());
        Assert.Equal($"# file\n\n[Interface]\nListenPort = 51820\n\n[Peer]\nPublicKey = {KeyA}\n", document.ToString());
    }

    [Fact]
    public void EditsOfAnyTextTouchNothingElse()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            string text = new ConfTextSource(seed, hasSigns: true).NextNoise();
            var document = ConfDocument.Parse(text);
            string[] before = [.. document.Lines.Select(static line => line.Text)];
            foreach (ConfSection section in document.Sections)
            {
                section.Set("ListenPort", "7");
            }

            string[] after = [.. document.Lines.Where(static line => !ConfKeys.Equal(line.Key, "ListenPort")).Select(static line => line.Text)];
            string[] kept = [.. before.Where(static text => IsKept(text))];
            Assert.True(kept.SequenceEqual(after.Where(static text => IsKept(text))), $"seed {seed}");
            Assert.All(ConfDocument.Parse(document.ToString()).Sections, section => Assert.Equal("7", section.Get("listenport")));
        }
    }

    private static bool IsKept(string text) => !ConfKeys.Equal(ConfDocument.Parse(text).Lines.FirstOrDefault()?.Key ?? "", "ListenPort");

    private static PublicKey Key(string text)
    {
        byte[] key = new byte[PublicKey.Length];
        Assert.True(KeyText.TryParseBase64(text, key));
        return new PublicKey(key);
    }
}
