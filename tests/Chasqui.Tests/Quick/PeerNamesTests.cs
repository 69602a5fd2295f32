using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Quick;

namespace Chasqui.Tests.Quick;

public sealed class PeerNamesTests
{
    private const string Key = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

    [Fact]
    public void NamesAreFoundByKeyAndPrintable()
    {
        IReadOnlyDictionary<PublicKey, string> names = Names($"[Peer]\n# Name = my\u001b[31moffice\nPublicKey = {Key}\n[Peer]\n# Name = lost\nPublicKey = x\n");

        Assert.Equal("my[31moffice", Assert.Single(names).Value);
    }

    [Fact]
    public void OfAPeerTwiceTheLastNameCounts() =>
        Assert.Equal("b", Assert.Single(Names($"[Peer]\n# Name = a\nPublicKey = {Key}\n[Peer]\n# Name = b\nPublicKey = {Key}\n")).Value);

    [Fact]
    public void AnInterfaceWithoutAFileHasNone() => Assert.Empty(PeerNames.Of("no-such-file"));

    private static IReadOnlyDictionary<PublicKey, string> Names(string text) => PeerNames.Of(ConfDocument.Parse(text));
}
