using System.Text;
using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Answers of our own control socket.</summary>
internal sealed class ControlAnswerTarget : IFuzzTarget
{
    private const string Key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    public string Name => "controlanswer";

    public string Summary => "AnswerReader over any lines: an answer or a refusal, never another exception; what is written again reads the same";

    public int MaxLength => 4096;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "{\"type\":\"status\",\"protocol\":1,\"interface\":\"wg0\",\"time\":\"2023-11-14T22:13:20.123456789Z\",\"bootSeconds\":1000.5,\"isUp\":true,"
                + "\"mtu\":1420,\"listenPort\":1,\"drops\":{\"invalidMac1\":3},\"recent\":[{\"bootSeconds\":999,\"kind\":\"dropped\",\"reason\":\"noEndpoint\","
                + "\"inner\":\"10.0.0.9\"}],\"peerCount\":1}\n"
                + $"{{\"type\":\"peer\",\"publicKey\":\"{Key}\",\"endpoint\":\"1.2.3.4:5\",\"allowedIps\":[\"10.0.0.0/8\"],\"sinceReceivedSeconds\":1.25}}\n",
            $"{{\"type\":\"event\",\"number\":17,\"kind\":\"peerRoamed\",\"peer\":\"{Key}\",\"remote\":\"[::1]:1\",\"value\":-1,\"untold\":2}}\n"
                + "{\"type\":\"lost\",\"count\":3}\n{\"type\":\"following\",\"next\":18}\n{\"type\":\"error\",\"code\":\"x\",\"errno\":1}\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\n", "{\"type\":\"status\"", "{\"type\":\"peer\"", "{\"type\":\"event\"", "\"kind\":\"", "\"peerCount\":2", "\"bootSeconds\":", "1e28", "-0", "1.0000000001",
            "9223372036.854775807", "\"lastHandshake\":", "\"2262-04-11T23:47:16.854775807Z\"", "\"9999-12-31T23:59:59.999999999Z\"", "\"sessionAgeSeconds\":",
            "\"receivedBytes\":18446744073709551615", "\"endpointName\":\"a:1\"", "\\ud800", "null", "[", "]", "{", "}", ",", "\"recent\":[", Key,
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] text = input.ToArray();
        ReadStatus(text);
        ReadEvents(text);
    }

    private static void ReadStatus(byte[] text)
    {
        try
        {
            TunnelStatus status = new AnswerReader(new MemoryStream(text)).ReadStatus();
            byte[] once = Write(status);
            byte[] twice = Write(new AnswerReader(new MemoryStream(once)).ReadStatus());
            Check.Same(Encoding.UTF8.GetString(twice), Encoding.UTF8.GetString(once), "a status that was written and read again");
        }
        catch (ControlException)
        {
            // That is what a client is told of an answer that is none.
        }
    }

    private static void ReadEvents(byte[] text)
    {
        var reader = new AnswerReader(new MemoryStream(text));
        try
        {
            while (true)
            {
                string type = reader.ReadEvent(out FollowedEvent found);
                Check.That(type == ControlProtocol.Event || found.Number == 0, "only an event has a number");
            }
        }
        catch (ControlException)
        {
            // As above; the end of the stream is one.
        }
    }

    private static byte[] Write(TunnelStatus status)
    {
        using var stream = new MemoryStream();
        using var writer = new AnswerWriter(stream);
        writer.WriteStatus("wg0", status, nextEvent: 0);
        writer.Flush();
        return stream.ToArray();
    }
}
