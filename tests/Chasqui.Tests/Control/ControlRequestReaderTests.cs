using System.Text;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Tests.Control;

public sealed class ControlRequestReaderTests
{
    private const string Key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    [Theory]
    [InlineData("""{"verb":"hello"}""", "hello")]
    [InlineData(""" { "protocol" : 1 , "verb" : "status" } """, "status")]
    [InlineData("""{"verb":"hello"}""" + "\r", "hello")]
    public void ReadsAVerb(string line, string verb)
    {
        ControlRequest request = Read(line);

        Assert.Null(request.Failure);
        Assert.Equal(verb, request.Verb);
    }

    [Fact]
    public void ReadsWhichEventsAreWanted()
    {
        Assert.Equal((null, false), (Read("""{"verb":"events"}""").From, Read("""{"verb":"events"}""").IsFollowing));
        ControlRequest request = Read("""{"verb":"events","from":17,"follow":true}""");
        Assert.Equal((17, true), (request.From!.Value, request.IsFollowing));
    }

    [Fact]
    public void ReadsAWholeChange()
    {
        DeviceChange change = Read($$"""
            {"verb":"set","listenPort":51820,"fwMark":4294967295,"peers":[{"publicKey":"{{Key}}","updateOnly":true,"endpoint":"[fe80::1%eth0]:7",
            "endpointName":"vpn.example.com:51820","persistentKeepaliveSeconds":25,"replaceAllowedIps":true,"allowedIps":["10.0.0.0/8","::/0"],
            "removeAllowedIps":["192.168.0.0/16"]},{"publicKey":"{{Key}}","remove":true,"endpointName":""}]}
            """.ReplaceLineEndings("")).Change!;

        Assert.Equal((51820, uint.MaxValue, 2), (change.ListenPort!.Value, change.FwMark!.Value, change.Peers.Count));
        Assert.False(change.ReplacePeers);
        Assert.Null(change.PrivateKey);
        PeerChange peer = change.Peers[0];
        Assert.Equal(Key, peer.PublicKey.ToString());
        Assert.True(peer.UpdateOnly && peer.ReplaceAllowedIps && !peer.Remove);
        Assert.Equal("[fe80::1%3]:7", peer.Endpoint.ToString());
        Assert.Equal("vpn.example.com:51820", peer.EndpointName.ToString());
        Assert.Equal(25, peer.PersistentKeepaliveSeconds!.Value);
        Assert.Equal(["-192.168.0.0/16", "10.0.0.0/8", "::/0"], peer.AllowedIps.Select(change => (change.Remove ? "-" : "") + change.Prefix));
        Assert.True(change.Peers[1].Remove && change.Peers[1].EndpointName!.Value.IsNone);
    }

    [Theory]
    [InlineData("", "notJson")]
    [InlineData("GET / HTTP/1.1", "notJson")]
    [InlineData("[]", "notJson")]
    [InlineData("\u0085", "notJson")] // found by the fuzz target: the framework's own sentence quotes it
    [InlineData("""{"verb":"hello","verb\u0085":1}""", "unknownMember")]
    [InlineData("""{"verb":"hello"}{}""", "notJson")]
    [InlineData("""{"verb":"hello","verb":"set"}""", "notJson")]
    [InlineData("""{"verb":"\ud800"}""", "notJson")]
    [InlineData("""{"\ud800":1,"verb":"hello"}""", "notJson")]
    [InlineData("""{"verb":"hello","x":[[[[[[[[[[1]]]]]]]]]]}""", "notJson")]
    [InlineData("{}", "unknownVerb")]
    [InlineData("""{"verb":"get"}""", "unknownVerb")]
    [InlineData("""{"verb":7}""", "badValue")]
    [InlineData("""{"verb":"hello","protocol":2}""", "badValue")]
    [InlineData("""{"verb":"hello","more":1}""", "unknownMember")]
    [InlineData("""{"verb":"events","from":-1}""", "badValue")]
    [InlineData("""{"verb":"events","follow":"yes"}""", "badValue")]
    [InlineData("""{"verb":"set","listenPort":65536}""", "badValue")]
    [InlineData("""{"verb":"set","fwMark":1.5}""", "badValue")]
    [InlineData("""{"verb":"set","replacePeers":true}""", "unknownMember")]
    [InlineData("""{"verb":"set","privateKey":"x"}""", "secret")]
    [InlineData("""{"verb":"set","peers":{}}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[1]}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[{}]}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[{"publicKey":"short"}]}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[{"publicKey":"KEY","presharedKey":"KEY"}]}""", "secret")]
    [InlineData("""{"verb":"set","peers":[{"publicKey":"KEY","endpoint":"vpn.example.com:1"}]}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[{"publicKey":"KEY","endpoint":"[fe80::1%none]:1"}]}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[{"publicKey":"KEY","endpointName":"two words:1"}]}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[{"publicKey":"KEY","allowedIps":["10.0.0.0/33"]}]}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[{"publicKey":"KEY","allowedIps":"10.0.0.0/8"}]}""", "badValue")]
    [InlineData("""{"verb":"set","peers":[{"publicKey":"KEY","allowedIPs":[]}]}""", "unknownMember")]
    public void RefusesWhatIsNotARequest(string line, string code)
    {
        ControlRequest request = Read(line.Replace("KEY", Key, StringComparison.Ordinal));

        Assert.Equal(code, request.Failure?.Code);
        Assert.Null(request.Change);
        Assert.InRange(request.Failure!.Sentence.Length, 10, 400);
        Assert.DoesNotContain(request.Failure.Sentence, char.IsControl);
    }

    [Fact]
    public void RefusesBytesThatAreNoText() =>
        Assert.Equal("notJson", ControlRequestReader.Read(new byte[] { (byte)'"', 0xff, (byte)'"' }, FindInterface).Failure?.Code);

    [Fact]
    public void ARefusalSaysWhichPeer() =>
        Assert.StartsWith("peers[1]: ", Read($$"""{"verb":"set","peers":[{"publicKey":"{{Key}}"},{"publicKey":"x"}]}""").Failure!.Sentence);

    [Fact]
    public void WhatAClientWritesReadsTheSame()
    {
        var written = new DeviceChange
        {
            FwMark = 7,
            Peers =
            [
                new PeerChange
                {
                    PublicKey = new PublicKey(new byte[32]),
                    Endpoint = new IpEndpoint(IpAddress.V4(0x01020304), 5),
                    PersistentKeepaliveSeconds = 0,
                    AllowedIps = [new AllowedIpChange(new IpPrefix(IpAddress.V4(0x0a000000), 8), Remove: true)],
                },
            ],
        };

        DeviceChange read = Read(Encoding.UTF8.GetString(ChangeWriter.Write(written)).TrimEnd('\n')).Change!;

        Assert.Equal((null, 7u), (read.ListenPort, read.FwMark!.Value));
        Assert.Equal("1.2.3.4:5", read.Peers[0].Endpoint.ToString());
        Assert.Equal(0, read.Peers[0].PersistentKeepaliveSeconds!.Value);
        Assert.Equal(written.Peers[0].AllowedIps, read.Peers[0].AllowedIps);
        Assert.Throws<ArgumentException>(() => ChangeWriter.Write(new DeviceChange { ReplacePeers = true }));
    }

    private static ControlRequest Read(string line) => ControlRequestReader.Read(Encoding.UTF8.GetBytes(line), FindInterface);

    private static uint? FindInterface(string name) => name == "eth0" ? 3u : null;
}
