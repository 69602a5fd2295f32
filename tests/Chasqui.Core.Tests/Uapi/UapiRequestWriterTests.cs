using System.Buffers;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Uapi;
using static Chasqui.Core.Tests.Uapi.UapiTestText;

namespace Chasqui.Core.Tests.Uapi;

public sealed class UapiRequestWriterTests
{
    [Fact]
    public void WritesGet()
    {
        var output = new ArrayBufferWriter<byte>();
        UapiRequestWriter.WriteGet(output);

        Assert.Equal("get=1\n\n", Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Fact]
    public void WritesOnlyWhatChanges() => Assert.Equal("set=1\n\n", Write(new DeviceChange()));

    [Fact]
    public void ZeroIsAChangeToo() =>
        Assert.Equal("set=1\nlisten_port=0\nfwmark=0\n\n", Write(new DeviceChange { ListenPort = 0, FwMark = 0 }));

    [Fact]
    public void OfARemovedPeerNothingElseIsWritten()
    {
        var peer = new PeerChange
        {
            PublicKey = new PublicKey(Convert.FromHexString(PublicHexA)),
            Remove = true,
            PersistentKeepaliveSeconds = 5,
        };

        Assert.Equal(Lines("set=1", $"public_key={PublicHexA}", "remove=true", ""), Write(new DeviceChange { Peers = [peer] }));
    }
}
