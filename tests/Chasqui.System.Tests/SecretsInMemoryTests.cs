using System.Text;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Which keys are in a daemon's memory, where, and when they are there no more: its memory is searched from outside.</summary>
/// <remarks>The keys of sessions are known because the test is the other end of them.</remarks>
public sealed class SecretsInMemoryTests : SystemTest
{
    private const int Port = 20411;
    private const string LongVariable = "CHASQUI_TEST_LONG";
    private static readonly TimeSpan SessionEnd = TimeSpan.FromSeconds(540);

    private readonly Daemon _daemon;
    private readonly WgKey _key;
    private readonly Wg _wg;
    private readonly KnownPeer _peer;

    public SecretsInMemoryTests()
    {
        _daemon = NewDaemon(Implementation.Chasqui, NewNamespace());
        _key = WgKey.Generate();
        _wg = new Wg(_daemon.Interface);
        _peer = Own(new KnownPeer(_daemon, _key.Public, WgKey.Random(), Port));
        AddEverything();
        _daemon.Birth.Ip($"link set {_daemon.Interface} up");
        Poll.Until(() => _daemon.Birth.UdpPorts().Contains(Port), "no port");
        _peer.Talk();
        Poll.Until(() => _wg.Transfer(_peer.Key.Public).Received > 148, "the daemon has not used the session");
    }

    [Fact]
    public void KeysInUseLieInLockedPagesThatNoDumpHas()
    {
        foreach (var (name, key) in Keys())
        {
            var hits = Find(key);
            Figure($"{name}: {string.Join("; ", hits)}");
            Assert.NotEmpty(hits);
            Assert.All(hits, hit => Assert.True(hit.IsKept, $"{name}: {hit}"));
            Assert.Empty(FindTexts(key));
        }
    }

    [Fact]
    public void NothingIsLeftOfAPeerThatIsRemoved()
    {
        var product = _peer.StaticProduct();
        Assert.NotEmpty(Find(product));

        _wg.Set($"peer {_peer.Key.Public} remove");

        AssertGone("preshared key", Convert.FromBase64String(_peer.PresharedKey));
        AssertGone("session key", _peer.SessionKeys[0]);
        AssertGone("session key", _peer.SessionKeys[1]);
        AssertGone("product of the static keys", product);
        Assert.NotEmpty(Find(PrivateKey(_key)));
    }

    [Fact]
    public void NothingIsLeftOfAPrivateKeyThatIsReplacedNorOfAPresharedOne()
    {
        var product = _peer.StaticProduct();
        Assert.NotEmpty(Find(product));
        var other = WgKey.Generate();

        _wg.Set("private-key /dev/stdin", other.Private + "\n");
        _wg.Set($"peer {_peer.Key.Public} preshared-key /dev/stdin", WgKey.Random() + "\n");

        AssertGone("private key", PrivateKey(_key));
        AssertGone("product of the static keys", product);
        AssertGone("preshared key", Convert.FromBase64String(_peer.PresharedKey));
        Assert.NotEmpty(Find(PrivateKey(other)));
    }

    [Fact]
    public void NothingIsLeftOfASessionWhenTheInterfaceGoesDown()
    {
        _daemon.Birth.Ip($"link set {_daemon.Interface} down");
        Poll.Until(() => !_daemon.Birth.UdpPorts().Contains(Port), "the port stays open");

        AssertGone("session key", _peer.SessionKeys[0]);
        AssertGone("session key", _peer.SessionKeys[1]);
    }

    [Fact]
    public void ReadingTheConfigurationLeavesNoText()
    {
        var read = _wg.ShowConf();
        using (var client = UapiClient.Connect(_daemon.Interface))
        {
            _ = client.Exchange("get=1\n\n");
        }

        Assert.Contains(_key.Private, read, StringComparison.Ordinal);
        Assert.All(Keys(), key => Assert.Empty(FindTexts(key.Key)));
    }

    [Fact]
    public void NothingIsLeftOfASessionAfter540Seconds()
    {
        if (Environment.GetEnvironmentVariable(LongVariable) != "1")
        {
            Assert.Skip($"takes {SessionEnd.TotalMinutes} minutes: {LongVariable}=1 runs it");
        }

        Thread.Sleep(SessionEnd - TimeSpan.FromSeconds(20));
        Assert.NotEmpty(Find(_peer.SessionKeys[0]));
        Thread.Sleep(TimeSpan.FromSeconds(25));

        AssertGone("session key", _peer.SessionKeys[0]);
        AssertGone("session key", _peer.SessionKeys[1]);
        Assert.NotEmpty(Find(PrivateKey(_key)));
    }

    private void AddEverything() => _wg.SetConf(
        $"""
        [Interface]
        PrivateKey = {_key.Private}
        ListenPort = {Port}
        [Peer]
        PublicKey = {_peer.Key.Public}
        PresharedKey = {_peer.PresharedKey}
        AllowedIPs = 192.168.241.2/32

        """);

    private IEnumerable<(string Name, byte[] Key)> Keys() =>
    [
        ("private key", PrivateKey(_key)), ("preshared key", Convert.FromBase64String(_peer.PresharedKey)),
        ("session key", _peer.SessionKeys[0]), ("session key", _peer.SessionKeys[1]), ("product of the static keys", _peer.StaticProduct()),
    ];

    /// <summary>wg(8) clamps what it makes, so the text and the memory are the same.</summary>
    private static byte[] PrivateKey(WgKey key) => Convert.FromBase64String(key.Private);

    private List<MemoryHit> Find(ReadOnlySpan<byte> bytes) => ProcessImage.Find(_daemon.ProcessId, bytes);

    /// <summary>Base64 and hexadecimal, as bytes and as the runtime's strings have them.</summary>
    private List<MemoryHit> FindTexts(byte[] key)
    {
        string[] texts = [Convert.ToBase64String(key)[..43], Convert.ToHexStringLower(key), Convert.ToHexString(key)];
        return [.. texts.SelectMany(text => (List<MemoryHit>)[.. Find(Encoding.ASCII.GetBytes(text)), .. Find(Encoding.Unicode.GetBytes(text))])];
    }

    private void AssertGone(string name, byte[] key)
    {
        // A batch that is being opened holds its key a moment longer.
        Poll.Try(() => Find(key).Count == 0, TimeSpan.FromSeconds(2));
        Assert.True(Find(key).Count == 0, $"{name}: {string.Join("; ", Find(key))}");
        Assert.Empty(FindTexts(key));
    }
}
