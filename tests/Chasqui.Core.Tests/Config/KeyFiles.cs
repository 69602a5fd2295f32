using System.Text;
using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

/// <summary>Key files, good and bad, and words for <c>wg set</c> that name them.</summary>
internal sealed class KeyFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("chasqui").FullName;
    private readonly string[] _paths;

    internal KeyFiles()
    {
        string key = StockWg.RandomKey(new Random(1));
        byte[][] contents =
        [
            [], Bytes(key), Bytes(key + "\n"), Bytes(key + " \t\r\n\v\f\n"), Bytes(key + "x"), Bytes(key + "\n" + key), Bytes(key[..43]), Bytes(" " + key),
            Bytes("!" + key[1..]), Bytes(key[..10] + "\0" + key[11..]), [.. Bytes(key), 0xe9], [.. Bytes(key[..43]), 0xe9], Bytes(key + "\0"), Bytes("\n"),
        ];
        _paths = new string[contents.Length + 3];
        for (int i = 0; i < contents.Length; i++)
        {
            _paths[i] = Path.Combine(_directory, $"key{i}");
            File.WriteAllBytes(_paths[i], contents[i]);
        }

        _paths[^3] = Path.Combine(_directory, "none");
        _paths[^2] = _directory;
        _paths[^1] = "/dev/null";
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    internal static KeyFileContent Read(string path)
    {
        if (Directory.Exists(path))
        {
            return KeyFileContent.Broken([], "Is a directory");
        }

        return File.Exists(path)
            ? KeyFileContent.Read(File.ReadAllBytes(path), canSeek: true)
            : KeyFileContent.NotOpened("No such file or directory");
    }

    internal string[] NextWords(Random random, ConfTextSource source)
    {
        List<string> words = [];
        for (int i = random.Next(4); i > 0; i--)
        {
            words.AddRange(NextDeviceWords(random, source));
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            words.AddRange(["peer", random.Next(10) == 0 ? "bad key" : StockWg.RandomKey(random)]);
            for (int j = random.Next(4); j > 0; j--)
            {
                words.AddRange(NextPeerWords(random, source));
            }
        }

        if (random.Next(12) == 0)
        {
            words.Add(source.Pick(["peer", "remove", "listen-port", "Peer", "é", "", "fwmark", "endpoint", "help"]));
        }

        return words.Count == 0 ? ["fwmark", "0"] : [.. words];
    }

    private string[] NextDeviceWords(Random random, ConfTextSource source) => random.Next(3) switch
    {
        0 => ["listen-port", source.Pick(["0", "51820", "65536", " 80", "80 ", "", "domain", "nosuch", "-1", "+5", "*", "é"])],
        1 => ["fwmark", source.Pick(["0", "off", "OFF", "0x5", "", " 5", "5 ", "-5", "4294967296"])],
        _ => ["private-key", source.Pick(_paths)],
    };

    private string[] NextPeerWords(Random random, ConfTextSource source) => random.Next(5) switch
    {
        0 => ["remove"],
        1 => ["preshared-key", source.Pick(_paths)],
        2 => ["endpoint", source.Pick(["1.2.3.4:5", "[::1]:5", "", "1.2.3.4", "1.2.3.4: 5", "1.2.3.4:nosuch", "[::1", "1.2.3.4:5"])],
        3 => ["persistent-keepalive", source.Pick(["0", "25", "off", "", "65536", "25 "])],
        _ => ["allowed-ips", source.Pick(["", "10.0.0.0/8", " 10.0.0.1/8 , ::/0 ", "10.0.0.0/8,", "10.0.0.0/ 8", "nonsense", ",", " "])],
    };

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
