using System.Buffers;
using System.Text;
using Chasqui.Core.Uapi;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Requests of the configuration protocol.</summary>
internal sealed class UapiTarget : IFuzzTarget
{
    private const int MaxOperationLength = 2000;
    private const string Key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    public string Name => "uapi";

    public string Summary => "UapiReader over any text in any pieces: the same operations each time; what is written again reads the same";

    public int MaxLength => 8192;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "\u0003\u0001\u0005\u0030get=1\n\nget=1\n\n",
            $"\u0001\u0009set=1\nprivate_key={Key}\nlisten_port=51820\nfwmark=0\nreplace_peers=true\npublic_key={Key}\npreshared_key={Key}\n"
                + "endpoint=192.0.2.1:51820\npersistent_keepalive_interval=25\nreplace_allowed_ips=true\nallowed_ip=10.0.0.0/24\n"
                + $"allowed_ip=-fd00::/64\nprotocol_version=1\npublic_key={Key}\nupdate_only=true\nremove=true\n\n",
            $"\0set=1\r\npublic_key={Key}\r\nendpoint=[fe80::1%eth0]:1\r\n\nset=1\npublic_key={Key}\nendpoint=[fe80::1%7]:1\n\n",
            "\0set=1\nlisten_port=65536\n\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "set=1\n", "get=1\n", "\n", "\n\n", "=", "true", "false", "private_key=", "listen_port=", "fwmark=", "replace_peers=true\n",
            "public_key=", "update_only=true\n", "remove=true\n", "preshared_key=", "endpoint=",
            "endpoint_name=", "a.example:1", "persistent_keepalive_interval=",
            "replace_allowed_ips=true\n", "allowed_ip=", "allowed_ip=-", "protocol_version=1\n", Key, $"public_key={Key}\n", "0.0.0.0/0",
            "::/0", "[::1]:1", "1.2.3.4:5", "%eth0", "%7", "\r\n", "4294967295", "65535", "errno=0",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        ReadOnlySpan<byte> cuts = reader.Take(reader.Byte() & 7);
        ReadOnlySpan<byte> text = reader.Rest;
        string whole = Read(text, 0, cuts);
        for (int way = 1; way < Chunks.Ways; way++)
        {
            Check.Same(Read(text, way, cuts), whole, $"what is read in pieces, way {way},");
        }
    }

    /// <summary>Everything that comes out of a text, as text.</summary>
    private static string Read(ReadOnlySpan<byte> text, int way, ReadOnlySpan<byte> cuts)
    {
        using var reader = new UapiReader(InterfaceIndex, MaxOperationLength);
        var result = new StringBuilder();
        for (int piece = 0; !text.IsEmpty; piece++)
        {
            int length = Chunks.Length(way, cuts, piece, text.Length);
            ReadOnlySpan<byte> bytes = text[..length];
            text = text[length..];
            while (reader.TryRead(ref bytes, out UapiOperation? operation))
            {
                using (operation)
                {
                    result.Append(ConfigText.Of(operation)).Append('\n');
                    CheckOperation(operation);
                    if (operation.Kind == UapiOperationKind.Refused)
                    {
                        return result.ToString(); // the connection ends
                    }
                }
            }

            Check.That(bytes.IsEmpty);
        }

        return result.Append(reader.IsIdle ? "idle" : "unfinished").ToString();
    }

    private static uint? InterfaceIndex(string name) => name.Length > 3 ? 4u : null;

    private static void CheckOperation(UapiOperation operation)
    {
        Check.That((operation.Change is not null) == (operation.Kind == UapiOperationKind.Set));
        if (operation.Failure is { } failure)
        {
            Check.That(failure.Errno < 0);
            Check.That(failure.Line > 0);
            Check.That(failure.Sentence.All(c => c is >= ' ' and <= '~'), "a refusal is one line of text");
            Check.That(failure.Sentence.Length < 250, "a refusal is a sentence");
        }
        else if (operation.Change is { } change)
        {
            var output = new ArrayBufferWriter<byte>();
            UapiRequestWriter.WriteSet(change, output);
            Check.Same(ReadOne(output.WrittenSpan), ConfigText.Of(change), "a change that was written and read again");
        }
    }

    private static string ReadOne(ReadOnlySpan<byte> text)
    {
        using var reader = new UapiReader(InterfaceIndex);
        Check.That(reader.TryRead(ref text, out UapiOperation? operation), "what was written is a whole operation");
        using (operation)
        {
            Check.That(text.IsEmpty, "what was written is one operation");
            return ConfigText.Of(operation);
        }
    }
}
