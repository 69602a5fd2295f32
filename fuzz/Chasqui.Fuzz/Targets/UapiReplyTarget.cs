using System.Buffers;
using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Uapi;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Answers of the configuration protocol.</summary>
internal sealed class UapiReplyTarget : IFuzzTarget
{
    private const string Key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    public string Name => "uapireply";

    public string Summary => "UapiGetReplyReader and UapiSetReplyReader over any text in any pieces; a snapshot written again reads the same";

    public int MaxLength => 8192;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "\u0001\u0005errno=0\n\n",
            "\0errno=-22\n\n",
            $"\u0001\u0009private_key={Key}\nlisten_port=51820\nfwmark=7\npublic_key={Key}\npreshared_key={Key}\nprotocol_version=1\n"
                + "endpoint=[fe80::1%3]:51820\nlast_handshake_time_sec=1700000000\nlast_handshake_time_nsec=999999999\ntx_bytes=1\nrx_bytes=2\n"
                + $"persistent_keepalive_interval=25\nallowed_ip=10.0.0.0/24\nallowed_ip=::/0\npublic_key={Key}\nunknown=1\nerrno=0\n\nrest",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\n", "\n\n", "=", "private_key=", "listen_port=", "fwmark=", "public_key=", "preshared_key=", "endpoint=", "endpoint_name=",
            "a.example:1", "allowed_ip=",
            "protocol_version=1\n", "last_handshake_time_sec=", "last_handshake_time_nsec=", "tx_bytes=", "rx_bytes=", "errno=0\n\n",
            "persistent_keepalive_interval=", "errno=", "-", Key, $"public_key={Key}\n", "18446744073709551615", "9223372036854775807",
            "0.0.0.0/0", "::/0", "[::1]:1",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        ReadOnlySpan<byte> cuts = reader.Take(reader.Byte() & 7);
        ReadOnlySpan<byte> text = reader.Rest;
        string get = ReadGet(text, 0, cuts), set = ReadSet(text, 0, cuts);
        for (int way = 1; way < Chunks.Ways; way++)
        {
            Check.Same(ReadGet(text, way, cuts), get, $"what is read in pieces, way {way},");
            Check.Same(ReadSet(text, way, cuts), set, $"what is read in pieces, way {way},");
        }
    }

    private static string ReadGet(ReadOnlySpan<byte> text, int way, ReadOnlySpan<byte> cuts)
    {
        using var reader = new UapiGetReplyReader(name => name.Length > 3 ? 4u : null);
        for (int piece = 0; !text.IsEmpty; piece++)
        {
            int length = Chunks.Length(way, cuts, piece, text.Length);
            ReadOnlySpan<byte> bytes = text[..length];
            bool isOver = reader.TryRead(ref bytes, out DeviceSnapshot? snapshot, out int errno);
            text = text[(length - bytes.Length)..];
            if (!isOver)
            {
                Check.That(bytes.IsEmpty);
                continue;
            }

            using (snapshot)
            {
                Check.That(errno <= 0);
                Check.That((snapshot is not null) == (errno == 0));
                CheckWritten(snapshot, cuts);

                // After an error nothing is read on.
                string left = errno == 0 ? text.Length.ToString(CultureInfo.InvariantCulture) : "";
                return string.Create(CultureInfo.InvariantCulture, $"{errno} {left} {(snapshot is null ? "" : ConfigText.Of(snapshot))}");
            }
        }

        return "unfinished";
    }

    private static string ReadSet(ReadOnlySpan<byte> text, int way, ReadOnlySpan<byte> cuts)
    {
        var reader = new UapiSetReplyReader();
        for (int piece = 0; !text.IsEmpty; piece++)
        {
            int length = Chunks.Length(way, cuts, piece, text.Length);
            ReadOnlySpan<byte> bytes = text[..length];
            text = text[length..];
            if (reader.TryRead(ref bytes, out int errno))
            {
                return errno.ToString(CultureInfo.InvariantCulture);
            }

            Check.That(bytes.IsEmpty);
        }

        return "unfinished";
    }

    /// <summary>Writes the snapshot whole and in small buffers, and reads it again.</summary>
    private static void CheckWritten(DeviceSnapshot? snapshot, ReadOnlySpan<byte> cuts)
    {
        if (snapshot is null)
        {
            return;
        }

        var output = new ArrayBufferWriter<byte>();
        UapiWriter.Write(snapshot, output);
        CheckSmallBuffers(snapshot, cuts, output.WrittenSpan);
        using var reader = new UapiGetReplyReader(null);
        ReadOnlySpan<byte> bytes = output.WrittenSpan;
        Check.That(reader.TryRead(ref bytes, out DeviceSnapshot? again, out int errno) && errno == 0, "what was written is an answer");
        using (again)
        {
            Check.That(bytes.IsEmpty, "what was written is one answer");
            Check.Same(ConfigText.Of(again!), ConfigText.Of(snapshot), "a snapshot that was written and read again");
        }
    }

    private static void CheckSmallBuffers(DeviceSnapshot snapshot, ReadOnlySpan<byte> cuts, ReadOnlySpan<byte> expected)
    {
        var writer = new UapiWriter(snapshot);
        int at = 0;
        byte[] buffer = new byte[UapiWriter.MinimumBufferLength + 256];
        for (int piece = 0; !writer.IsDone; piece++)
        {
            int room = UapiWriter.MinimumBufferLength + (cuts.IsEmpty ? 0 : cuts[piece % cuts.Length]);
            int written = writer.Write(buffer.AsSpan(0, room));
            Check.That(written > 0, "every piece has something");
            Check.Same(buffer.AsSpan(0, written), expected.Slice(at, Math.Min(written, expected.Length - at)));
            at += written;
        }

        Check.That(at == expected.Length);
        Check.That(writer.Write(buffer) == 0, "nothing follows the end");
    }
}
