using System.Buffers;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Uapi;

namespace Chasqui.Core.Tests.Uapi;

/// <summary>Texts and shortcuts that the UAPI tests share.</summary>
internal static class UapiTestText
{
    internal const string PrivateHex = "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
    internal const string PublicHexA = "b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33";
    internal const string PublicHexB = "58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376";
    internal const string PresharedHex = "188515093e952f5f22e865cef3012e72f8b5f0b598ac0309d5dacce3b70fcf52";
    internal const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>A set with every key, as our own writer would write it.</summary>
    internal static readonly string EveryKey = Lines(
        "set=1",
        $"private_key={PrivateHex}",
        "listen_port=51820",
        "fwmark=4294967295",
        "replace_peers=true",
        $"public_key={PublicHexA}",
        "update_only=true",
        $"preshared_key={PresharedHex}",
        "endpoint=192.0.2.1:51820",
        "persistent_keepalive_interval=25",
        "replace_allowed_ips=true",
        "allowed_ip=10.0.0.0/24",
        "allowed_ip=-fd00::/64",
        $"public_key={PublicHexB}",
        "endpoint=[fe80::1%3]:1",
        "persistent_keepalive_interval=0",
        "allowed_ip=::/0",
        $"public_key={PublicHexA}",
        "remove=true",
        "");

    internal static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\n"));

    internal static uint? InterfaceIndex(string name) => name == "eth0" ? 7 : null;

    /// <summary>Reads one operation from a text.</summary>
    internal static UapiOperation Read(string text)
    {
        using var reader = new UapiReader(InterfaceIndex);
        ReadOnlySpan<byte> bytes = Encoding.Latin1.GetBytes(text);
        Assert.True(reader.TryRead(ref bytes, out UapiOperation? operation), "The operation is not whole.");
        return operation;
    }

    /// <summary>Reads the lines of a set, which must be accepted.</summary>
    internal static DeviceChange ReadSet(params string[] lines)
    {
        UapiOperation operation = Read(Lines(["set=1", .. lines, ""]));
        Assert.True(operation.Kind == UapiOperationKind.Set, operation.Failure?.Sentence);
        return operation.Change!;
    }

    internal static string Write(DeviceChange change)
    {
        var output = new ArrayBufferWriter<byte>();
        UapiRequestWriter.WriteSet(change, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    internal static string Write(DeviceSnapshot snapshot)
    {
        var output = new ArrayBufferWriter<byte>();
        UapiWriter.Write(snapshot, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
