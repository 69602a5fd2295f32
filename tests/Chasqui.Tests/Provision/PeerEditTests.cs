using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Keys;
using Chasqui.Provision;
using Chasqui.Quick;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Provision;

public sealed class PeerEditTests
{
    [Fact]
    public void AddsToTheFileTheDeviceAndTheRoutes()
    {
        using TestHub hub = new();

        hub.Edit(edit => edit.Add(Site(1), null, null));

        PeerSnapshot peer = Assert.Single(hub.Peers);
        Assert.Equal(TestDevice.SomeKey(1), peer.PublicKey);
        Assert.Equal("10.8.0.2/32 192.168.1.0/24", string.Join(' ', peer.AllowedIps));
        Assert.Equal("198.51.100.7:51820", peer.Endpoint.ToString());
        Assert.Equal(["10.8.0.0/24", "192.168.1.0/24"], hub.Routes); // the peer's own address lies in the interface's network
        Assert.Contains("# Name = site 1\n", hub.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void RemovesFromTheFileTheDeviceAndTheRoutesAndTouchesNobodyElse()
    {
        using TestHub hub = new();
        hub.Edit(edit => edit.Add(Site(1), null, null));
        string before = hub.State;
        hub.Edit(edit => edit.Add(Site(2), null, null));

        hub.Edit(static edit => edit.Remove(edit.Hub.Find("site 2")));

        Assert.Equal(before, hub.State);
    }

    [Fact]
    public void RenamesInTheFileOnly()
    {
        using TestHub hub = new();
        hub.Edit(edit => edit.Add(Site(1), null, null));
        string before = hub.State;

        hub.Edit(static edit => edit.Rename(edit.Hub.Find("site 1"), "office"));

        Assert.Equal(before.Replace("site 1", "office", StringComparison.Ordinal), hub.State);
        hub.Edit(edit => edit.Add(Site(2), null, null));
        Assert.Throws<ConfigException>(() => hub.Edit(static edit => edit.Rename(edit.Hub.Find("site 2"), "office")));
        Assert.Throws<ConfigException>(() => hub.Edit(static edit => edit.Rename(edit.Hub.Find("site 2"), "two\nlines")));
        hub.Edit(static edit => edit.Rename(edit.Hub.Find("site 2"), "site 2")); // its own name is no other's
    }

    [Fact]
    public void RotatesKeysAndKeepsAllElse()
    {
        using TestHub hub = new();
        hub.Edit(edit => edit.Add(Site(1), null, null));
        hub.Edit(edit => edit.Add(Site(2), null, null));
        string before = hub.State;

        using PresharedKey presharedKey = Psk(9);
        hub.Edit(edit => edit.Rotate(edit.Hub.Find("site 1"), TestDevice.SomeKey(9), presharedKey, null, null));

        Assert.Equal([TestDevice.SomeKey(2), TestDevice.SomeKey(9)], hub.Peers.Select(static peer => peer.PublicKey));
        PeerSnapshot peer = hub.Peers[1];
        Assert.Equal("10.8.0.2/32 192.168.1.0/24", string.Join(' ', peer.AllowedIps));
        Assert.Equal("198.51.100.7:51820", peer.Endpoint.ToString());
        Assert.DoesNotContain(TestDevice.SomeKey(1).ToString(), hub.Text, StringComparison.Ordinal);
        hub.Edit(edit =>
        {
            using PresharedKey old = Psk(1);
            edit.Rotate(edit.Hub.Find("site 1"), TestDevice.SomeKey(1), old, null, null);
        });
        Assert.Equal(Sorted(before), Sorted(hub.State));
    }

    [Fact]
    public void RotatesThePresharedKeyAlone()
    {
        using TestHub hub = new();
        hub.Edit(edit => edit.Add(Site(1), null, null));

        using PresharedKey presharedKey = Psk(9);
        hub.Edit(edit => edit.Rotate(0, null, presharedKey, null, null));

        Assert.Equal(TestDevice.SomeKey(1), Assert.Single(hub.Peers).PublicKey);
        Assert.Contains("PresharedKey = " + KeyText.ToBase64(presharedKey.DangerousSpan), hub.Text, StringComparison.Ordinal);
        hub.Edit(static edit => edit.Rotate(0, null, null, null, null));
        Assert.DoesNotContain("PresharedKey", hub.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhateverStepFailsAllIsAsItWas()
    {
        using TestHub hub = new();
        hub.Edit(edit => edit.Add(Site(1), null, null));
        string before = hub.State;
        Action<PeerEdit>[] changes =
        [
            static edit => edit.Add(Site(2), static () => { }, null),
            static edit => edit.Remove(0),
            static edit => edit.Rename(0, "other"),
            static edit =>
            {
                using PresharedKey presharedKey = Psk(9);
                edit.Rotate(0, TestDevice.SomeKey(9), presharedKey, static () => { }, null);
            },
        ];
        int[] steps = [4, 3, 1, 3];
        for (int change = 0; change < changes.Length; change++)
        {
            for (int failing = 0; failing < steps[change]; failing++)
            {
                int step = 0;

                QuickException exception = Assert.Throws<QuickException>(
                    () => hub.Edit(changes[change], _ => step = step++ == failing ? throw new IOException("made to fail") : step));

                Assert.Contains("made to fail", exception.Message, StringComparison.Ordinal);
                Assert.Equal(before, hub.State);
            }

            int count = 0;
            hub.Edit(changes[change], _ => count++);
            Assert.Equal(steps[change], count);
            Assert.NotEqual(before, hub.State);
            Restore(hub, change);
            Assert.Equal(before, hub.State);
        }
    }

    [Fact]
    public void TheClientsFileIsTakenBackWhenALaterStepFails()
    {
        using TestHub hub = new();
        List<string> calls = [];

        Assert.Throws<QuickException>(() => hub.Edit(
            edit => edit.Add(Site(1), () => calls.Add("deliver"), () => calls.Add("withdraw")),
            static words => _ = words.StartsWith("wg set", StringComparison.Ordinal) ? throw new IOException("made to fail") : 0));

        Assert.Equal(["deliver", "withdraw"], calls);
    }

    [Fact]
    public void AddressesOfPeersThatOnlyRunAreTaken()
    {
        using TestHub hub = new();
        hub.Apply(new DeviceChange { Peers = [new PeerChange { PublicKey = TestDevice.SomeKey(7), AllowedIps = [new AllowedIpChange(TestDevice.Prefix("10.8.0.2/32"), false)] }] });

        hub.Edit(edit =>
        {
            Assert.Equal("10.8.0.3/24", Assert.Single(FreeAddress.Find(edit.Hub.Addresses, edit.TakenPrefixes)).ToString());
            Assert.Contains(
                $"the running peer {TestDevice.SomeKey(7)} has 10.8.0.2/32 already",
                Assert.Throws<ConfigException>(() => edit.Add(Site(1), null, null)).Message,
                StringComparison.Ordinal);
            Assert.Contains(
                "that its file does not have",
                Assert.Throws<ConfigException>(() => edit.Add(Site(7), null, null)).Message,
                StringComparison.Ordinal);
        });
    }

    [Fact]
    public void AddressesOfPeersOfTheFileAreTakenByTheirNames()
    {
        using TestHub hub = new();
        hub.Edit(edit => edit.Add(Site(1), null, null));
        string before = hub.State;

        hub.Edit(edit => Assert.Contains(
            $"the peer `{Site(1).Name}' has 10.8.0.2/32 already",
            Assert.Throws<ConfigException>(() => edit.Add(Site(2) with { Addresses = ClientValues.ReadAddresses("10.8.0.2/24") }, null, null)).Message,
            StringComparison.Ordinal));

        Assert.Equal(before, hub.State);
    }

    [Fact]
    public void ADefaultRouteIsLeftToUp()
    {
        using TestHub hub = new();
        string before = hub.State;

        hub.Edit(edit => Assert.Contains(
            "is a default route, which only `up' sets up",
            Assert.Throws<ConfigException>(() => edit.Add(Site(1) with { Networks = [TestDevice.Prefix("0.0.0.0/0")] }, null, null)).Message,
            StringComparison.Ordinal));

        Assert.Equal(before, hub.State);
    }

    [Fact]
    public void NoRoutesComeWhereTheFileWantsNoneOrTheInterfaceIsDown()
    {
        using TestHub off = new("Table = off");
        off.Edit(edit => edit.Add(Site(1), null, null));
        Assert.Equal(["10.8.0.0/24"], off.Routes);

        using TestHub down = new();
        down.Ip($"link set {down.Name} down");
        down.Edit(edit => edit.Add(Site(1), null, null));
        Assert.Empty(down.Routes);
        Assert.Single(down.Peers);
    }

    [Fact]
    public void AnotherInterfaceOfThatNameIsLeftAlone()
    {
        using TestHub hub = new();
        using PrivateKey key = PrivateKey.Generate(new Chasqui.Device.SystemEntropy());
        hub.Apply(new DeviceChange { PrivateKey = key });

        QuickException exception = Assert.Throws<QuickException>(() => hub.Edit(static edit => edit.Remove(0)));

        Assert.Contains("runs with another private key than", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileWhoseInterfaceDoesNotRunChangesAlone()
    {
        using ScratchFolder folder = new();
        string path = Hub(folder);

        using (PeerEdit edit = PeerEdit.Open(path, TextWriter.Null))
        {
            Assert.Null(edit.Running);
            _ = edit.Add(Site(1), null, null);
        }

        Assert.Contains("# Name = site 1\n", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoChangesAtOnceDoNotChooseTheSameAddress()
    {
        using ScratchFolder folder = new();
        string path = Hub(folder);

        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(() =>
        {
            using PeerEdit edit = PeerEdit.Open(path, TextWriter.Null);
            IReadOnlyList<QuickAddress> addresses = FreeAddress.Find(edit.Hub.Addresses, edit.TakenPrefixes);
            _ = edit.Add(new HubPeer { Name = $"peer {i}", PublicKey = TestDevice.SomeKey((byte)i), Addresses = addresses }, null, null);
        })));

        using HubConf hub = HubConf.Parse(File.ReadAllText(path), path, new WgConfOptions());
        Assert.Equal(
            Enumerable.Range(2, 8).Select(static i => $"10.8.0.{i}/32"),
            hub.TakenPrefixes().Select(static prefix => prefix.ToString()).Order(StringComparer.Ordinal));
    }

    private static void Restore(TestHub hub, int change) => hub.Edit(edit =>
    {
        switch (change)
        {
            case 0:
                edit.Remove(edit.Hub.Find("site 2"));
                break;
            case 1:
                _ = edit.Add(Site(1), null, null);
                break;
            case 2:
                edit.Rename(0, "site 1");
                break;
            default:
                using (PresharedKey presharedKey = Psk(1))
                {
                    edit.Rotate(0, TestDevice.SomeKey(1), presharedKey, null, null);
                }

                break;
        }
    });

    private static string Hub(ScratchFolder folder)
    {
        string path = folder["chqnone.conf"];
        using PrivateKey key = PrivateKey.Generate(new Chasqui.Device.SystemEntropy());
        InterfaceFile.Create(path, new NewHub { PrivateKey = key, ListenPort = 1, Addresses = ClientValues.ReadAddresses("10.8.0.1/24") }.ToDocument());
        return path;
    }

    private static HubPeer Site(byte number) => new()
    {
        Name = $"site {number}",
        PublicKey = TestDevice.SomeKey(number),
        PresharedKey = Psk(number),
        Addresses = ClientValues.ReadAddresses($"10.8.0.{number + 1}/24"),
        Networks = [TestDevice.Prefix($"192.168.{number}.0/24")],
        Endpoint = "198.51.100.7:51820",
    };

    private static PresharedKey Psk(byte value)
    {
        byte[] bytes = new byte[PresharedKey.Length];
        Array.Fill(bytes, value);
        return new PresharedKey(bytes);
    }

    private static string Sorted(string state) => string.Join('\n', state.Split('\n').Order(StringComparer.Ordinal));
}
