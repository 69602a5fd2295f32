using System.Text;
using Chasqui.Core.Uapi;
using static Chasqui.Core.Tests.Uapi.UapiTestText;

namespace Chasqui.Core.Tests.Uapi;

/// <summary>What the reader refuses, with which number, and what it says about it.</summary>
public sealed class UapiReaderErrorTests
{
    [Theory]
    [InlineData("private_key=")]
    [InlineData("private_key=00")]
    [InlineData($"private_key={PrivateHex}0")]
    [InlineData("private_key=g84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a")]
    [InlineData("listen_port=")]
    [InlineData("listen_port=65536")]
    [InlineData("listen_port=-1")]
    [InlineData("listen_port=+1")]
    [InlineData("listen_port= 1")]
    [InlineData("listen_port=1 ")]
    [InlineData("listen_port=0x1")]
    [InlineData("listen_port=1_0")]
    [InlineData("listen_port=18446744073709551617")]
    [InlineData("fwmark=")]
    [InlineData("fwmark=0x1")]
    [InlineData("fwmark=off")]
    [InlineData("fwmark=4294967296")]
    [InlineData("replace_peers=false")]
    [InlineData("replace_peers=True")]
    [InlineData("replace_peers=")]
    [InlineData("public_key=")]
    [InlineData("public_key=00")]
    [InlineData("own_public_key=00")]
    [InlineData("PRIVATE_KEY=00")]
    [InlineData(" private_key=00")]
    [InlineData("=")]
    [InlineData("errno=0")]
    [InlineData("set=1")]
    [InlineData("get=1")]
    [InlineData("endpoint_name=a:1")]
    [InlineData("allowed_ip=10.0.0.0/8")]
    [InlineData("protocol_version=1")]
    public void RefusesDeviceLines(string line) => AssertRefused(UapiError.Invalid, 2, "set=1", line);

    [Theory]
    [InlineData("update_only=false")]
    [InlineData("remove=false")]
    [InlineData("remove=1")]
    [InlineData("preshared_key=")]
    [InlineData("preshared_key=18")]
    [InlineData("endpoint=")]
    [InlineData("endpoint=192.0.2.1")]
    [InlineData("endpoint=192.0.2.1:")]
    [InlineData("endpoint=192.0.2.1:65536")]
    [InlineData("endpoint=[192.0.2.1]:1")]
    [InlineData("endpoint=2001:db8::1:1")]
    [InlineData("endpoint=[2001:db8::1]")]
    [InlineData("endpoint=[2001:db8::1]1")]
    [InlineData("endpoint=[]:1")]
    [InlineData("endpoint=[fe80::1%]:1")]
    [InlineData("endpoint=[fe80::1%nosuch]:1")]
    [InlineData("endpoint=[fe80::1%4294967296]:1")]
    [InlineData("endpoint=[fe80::1%averylonginterfacename]:1")]
    [InlineData("endpoint=192.0.2.1%eth0:1")]
    [InlineData("endpoint=example.com:51820")]
    [InlineData("persistent_keepalive_interval=off")]
    [InlineData("persistent_keepalive_interval=65536")]
    [InlineData("replace_allowed_ips=false")]
    [InlineData("allowed_ip=")]
    [InlineData("allowed_ip=-")]
    [InlineData("allowed_ip=--10.0.0.0/8")]
    [InlineData("allowed_ip=+10.0.0.0/8")]
    [InlineData("allowed_ip=10.0.0.1")]
    [InlineData("allowed_ip=10.0.0.0/")]
    [InlineData("allowed_ip=10.0.0.0/08")]
    [InlineData("allowed_ip=10.0.0.0/33")]
    [InlineData("allowed_ip=10.0.0.0/8/8")]
    [InlineData("allowed_ip=10.0.0/8")]
    [InlineData("allowed_ip=fd00::/129")]
    [InlineData("allowed_ip=fe80::1%eth0/64")]
    [InlineData("protocol_version=0")]
    [InlineData("protocol_version=2")]
    [InlineData("protocol_version=01")]
    [InlineData("listen_port=1")]
    [InlineData("replace_peers=true")]
    [InlineData("tx_bytes=1")]
    [InlineData("nonsense=1")]
    public void RefusesPeerLines(string line) => AssertRefused(UapiError.Invalid, 3, "set=1", $"public_key={PublicHexA}", line);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("private_key")]
    [InlineData(PrivateHex)]
    public void ALineWithoutEqualsIsAProtocolError(string line) => AssertRefused(UapiError.Protocol, 2, "set=1", line);

    [Theory]
    [InlineData("")]
    [InlineData("set=2")]
    [InlineData("set=1\r")]
    [InlineData("get=0")]
    [InlineData("GET / HTTP/1.1")]
    public void AnythingButGetAndSetIsAProtocolError(string line) => AssertRefused(UapiError.Protocol, 1, line);

    [Fact]
    public void GetTakesNoKeys() => AssertRefused(UapiError.Invalid, 2, "get=1", "listen_port=1");

    [Fact]
    public void AnEndpointNeedsAResolverForANamedScope()
    {
        using var reader = new UapiReader(null);
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(Lines("set=1", $"public_key={PublicHexA}", "endpoint=[fe80::1%eth0]:1", ""));

        Assert.True(reader.TryRead(ref bytes, out UapiOperation? operation));
        Assert.Equal(UapiError.Invalid, operation.Failure!.Errno);
    }

    [Fact]
    public void AfterAnErrorNothingMoreIsRead()
    {
        using var reader = new UapiReader(null);
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes("set=1\nbad=1\nlisten_port=1\n\nget=1\n\n");

        Assert.True(reader.TryRead(ref bytes, out UapiOperation? first));
        Assert.True(bytes.IsEmpty);
        ReadOnlySpan<byte> more = "get=1\n\n"u8;
        Assert.True(reader.TryRead(ref more, out UapiOperation? second));

        Assert.Equal(UapiOperationKind.Refused, first.Kind);
        Assert.Equal(UapiOperationKind.Refused, second.Kind);
        Assert.Null(first.Change);
    }

    [Fact]
    public void TheSentenceNamesLineKeyAndRemedy()
    {
        UapiFailure failure = Read(Lines("set=1", "fwmark=1", "listen_port=99999", "")).Failure!;

        Assert.Equal("line 3: listen_port: write a port from 1 to 65535, or 0 for any.", failure.Sentence);
        Assert.Equal(3, failure.Line);
    }

    [Fact]
    public void TheSentenceNamesAnUnknownKey()
    {
        UapiFailure failure = Read(Lines("set=1", "own_public_key=00", "")).Failure!;

        Assert.Equal("line 2: own_public_key: not a key of a device; remove the line.", failure.Sentence);
    }

    [Fact]
    public void NoSentenceHoldsAnyPartOfASecret()
    {
        const string Base64 = "6EtabScXwQA6E7QxVwNT26ypFGzxUMX4V1aA/rpSAno=";
        string[] lines =
        [
            $"private_key={PrivateHex}0", $"private_key=x{PrivateHex}", $"private_key={Base64}", $"preshared_key={PrivateHex}0",
            PrivateHex, $"{PrivateHex}=", Base64, $"private_key {PrivateHex}", $"private key={PrivateHex}", $"listen_port={PrivateHex}",
            $"public_key={Base64}", $"endpoint={PrivateHex}", $"{PrivateHex[..16]}=1", $"privat_key={PrivateHex}",
        ];
        foreach (string line in lines)
        {
            foreach (string[] head in (string[][])[["set=1"], ["set=1", $"public_key={PublicHexA}"]])
            {
                string sentence = Read(Lines([.. head, line, ""])).Failure!.Sentence;
                for (int i = 0; i + 4 <= PrivateHex.Length; i++)
                {
                    Assert.DoesNotContain(PrivateHex.Substring(i, 4), sentence, StringComparison.OrdinalIgnoreCase);
                }

                Assert.DoesNotContain(Base64[..6], sentence, StringComparison.Ordinal);
            }
        }

        Assert.Contains("privat_key", Read(Lines("set=1", "privat_key=1", "")).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void TheNumbersAreLinuxAndNegative() => Assert.Equal(
        [0, -5, -12, -16, -22, -55, -71, -90, -98, -110],
        [
            UapiError.None, UapiError.Io, UapiError.NoMemory, UapiError.Busy, UapiError.Invalid, UapiError.Unknown, UapiError.Protocol, UapiError.TooLong,
            UapiError.AddressInUse, UapiError.TimedOut,
        ]);

    [Theory]
    [InlineData("keylog=")]
    [InlineData("keylog=0")]
    [InlineData("keylog=-1")]
    [InlineData("keylog=3601")]
    [InlineData("keylog=60s")]
    [InlineData("keylog=99999999999")]
    public void RefusesTimesOfKeyLogs(string line) => AssertRefused(UapiError.Invalid, 1, line);

    [Fact]
    public void AKeyLogTakesNoMore() => AssertRefused(UapiError.Invalid, 2, "keylog=60", "private_key=00");

    [Fact]
    public void AKeyLogIsReadWithItsTime()
    {
        UapiOperation operation = Read("keylog=3600\n\n");

        Assert.Equal((UapiOperationKind.KeyLog, 3600), (operation.Kind, operation.KeyLogSeconds));
    }

    private static void AssertRefused(int errno, int line, params string[] lines)
    {
        UapiOperation operation = Read(Lines([.. lines, ""]));

        Assert.Equal(UapiOperationKind.Refused, operation.Kind);
        Assert.Equal(errno, operation.Failure!.Errno);
        Assert.Equal(line, operation.Failure.Line);
        Assert.StartsWith($"line {line}: ", operation.Failure.Sentence, StringComparison.Ordinal);
    }
}
