using System.Text;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Requests of our own control socket.</summary>
internal sealed class ControlRequestTarget : IFuzzTarget
{
    private const string Key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private const int LongestSentence = 1000;
    private const int LongestLine = 600;

    // Requests of one connection know nothing of each other, and each that is no JSON costs an exception.
    private const int MostRequests = 4;

    public string Name => "controlrequest";

    public string Summary => "ControlRequestReader over any lines in any pieces: a request or a sentence; a change that is written again reads the same";

    public int MaxLength => 4096;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "\u0001\u0005{\"verb\":\"hello\",\"protocol\":1}\n{\"verb\":\"status\"}\n",
            "\0{\"verb\":\"events\",\"from\":17,\"follow\":true}\n",
            $"\0{{\"verb\":\"set\",\"listenPort\":51820,\"fwMark\":7,\"peers\":[{{\"publicKey\":\"{Key}\",\"endpoint\":\"[fe80::1%eth0]:7\","
                + "\"allowedIps\":[\"10.0.0.0/8\"],\"removeAllowedIps\":[\"::/0\"],\"persistentKeepaliveSeconds\":25,\"updateOnly\":true}]}\n",
            $"\0{{\"verb\":\"set\",\"peers\":[{{\"publicKey\":\"{Key}\",\"remove\":true,\"endpointName\":\"a.example:1\",\"replaceAllowedIps\":true}}]}}\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\n", "\"verb\":", "\"hello\"", "\"status\"", "\"events\"", "\"set\"", "\"from\":", "\"follow\":true", "\"peers\":[", "\"publicKey\":",
            "\"privateKey\":", "\"presharedKey\":", "\"endpoint\":", "\"endpointName\":", "\"allowedIps\":[", "\"removeAllowedIps\":[", "\\ud800",
            "\\u0000", "{", "}", "[", "]", ",", ":", "\"", "null", "1e400", "-1", "18446744073709551616", Key, "\"10.0.0.0/8\"", "[::1]:1", "%eth0", "/*",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        byte[] cuts = reader.Take(reader.Byte() & 7).ToArray();
        byte[] text = reader.Rest.ToArray();
        string whole = Read(text, 0, cuts);
        for (int way = 1; way < Chunks.Ways; way++)
        {
            Check.Same(Read(text, way, cuts), whole, $"what is read in pieces, way {way},");
        }
    }

    private static string Read(byte[] text, int way, byte[] cuts)
    {
        var lines = new LineReader(new PiecesStream(text, way, cuts), LongestLine);
        var result = new StringBuilder();
        for (int requests = 0; requests < MostRequests && lines.TryRead(out ReadOnlyMemory<byte> line); requests++)
        {
            Check.That(line.Length <= LongestLine);
            ControlRequest request = ControlRequestReader.Read(line, FindInterface);
            CheckRequest(request);
            result.Append(request.Verb).Append(request.From).Append(request.IsFollowing).Append(request.Failure?.Code)
                .Append(request.Change is { } change ? ConfigText.Of(change) : "").Append('\n');
        }

        return result.Append(lines.IsTooLong).ToString();
    }

    private static uint? FindInterface(string name) => name.Length > 3 ? 4u : null;

    private static void CheckRequest(ControlRequest request)
    {
        Check.That((request.Failure is null) == (request.Verb.Length > 0), "a request is one or fails");
        Check.That((request.Change is not null) == (request.Verb == ControlProtocol.Set));
        if (request.Failure is { } failure)
        {
            Check.That(failure.Sentence.Length is > 0 and < LongestSentence && !failure.Sentence.Any(char.IsControl), "a refusal is one line of text");
        }
        else if (request.Change is { } change)
        {
            Check.That(change.PrivateKey is null && !change.ReplacePeers && change.Peers.All(peer => peer.PresharedKey is null), "no secret comes in");
            ControlRequest again = ControlRequestReader.Read(ChangeWriter.Write(change).AsMemory()[..^1], FindInterface);
            Check.Same(ConfigText.Of(again.Change ?? new DeviceChange()), ConfigText.Of(change), "a change that was written and read again");
        }
    }
}
