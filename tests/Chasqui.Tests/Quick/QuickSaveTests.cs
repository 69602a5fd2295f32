using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Quick;

namespace Chasqui.Tests.Quick;

public sealed class QuickSaveTests
{
    private const string Key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    private const string Text =
        $"[Peer]\n# Name = office\nPublicKey = {Key}\n# AllowedIPs = ::/0 - ::/1\nAllowedIPs = 8000::/1\n";

    [Fact]
    public void APeerWhoseKeyHasWhiteSpaceInItStays()
    {
        const string text = $"[Peer]\n# Name = office\nPublicKey = xTIBA5rboUvnH4htodjb 6e697QjLERt1NAB4mZqp8Dg=\n";
        var document = ConfDocument.Parse(text);
        using DeviceSnapshot device = new() { Peers = [new PeerSnapshot { PublicKey = new PublicKey(Convert.FromBase64String(Key)) }] };

        QuickSave.UpdatePeers(document, device);

        Assert.Equal(text, document.ToString());
    }

    [Theory]
    [InlineData("8000::/1", Text)]
    [InlineData("8000::/2, c000::/2", $"[Peer]\n# Name = office\nPublicKey = {Key}\n# AllowedIPs = ::/0 - ::/1\nAllowedIPs = 8000::/2, c000::/2\n")]
    [InlineData("8000::/2", $"[Peer]\n# Name = office\nPublicKey = {Key}\nAllowedIPs = 8000::/2\n")]
    [InlineData("", $"[Peer]\n# Name = office\nPublicKey = {Key}\n")]
    public void ArithmeticStaysAsLongAsItIsTrue(string running, string saved)
    {
        var document = ConfDocument.Parse(Text);
        using DeviceSnapshot device = new()
        {
            Peers =
            [
                new PeerSnapshot
                {
                    PublicKey = new PublicKey(Convert.FromBase64String(Key)),
                    AllowedIps = [.. running.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(static text => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : default)],
                },
            ],
        };

        QuickSave.UpdatePeers(document, device);

        Assert.Equal(saved, document.ToString());
    }
}
