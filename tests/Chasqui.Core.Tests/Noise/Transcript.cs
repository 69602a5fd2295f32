namespace Chasqui.Core.Tests.Noise;

/// <summary>A handshake and two packets that were on a real wire once, with every key that was behind them.</summary>
/// <remarks>Shape of the file: a name and its value in hexadecimal or plain text on each line; '#' begins a comment.</remarks>
internal sealed class Transcript
{
    private readonly Dictionary<string, string> _values = [];

    internal string this[string name]
    {
        get => _values[name];
        set => _values[name] = value;
    }

    internal byte[] Bytes(string name) => Convert.FromHexString(_values[name]);

    internal void Set(string name, ReadOnlySpan<byte> value) => _values[name] = Convert.ToHexStringLower(value);

    internal static Transcript Read(string path)
    {
        var transcript = new Transcript();
        foreach (string line in File.ReadLines(path).Where(l => l.Length > 0 && l[0] != '#'))
        {
            string[] parts = line.Split(' ', 2);
            transcript[parts[0]] = parts[1];
        }

        return transcript;
    }

    internal void Write(string path, string comment) =>
        File.WriteAllLines(path, [$"# {comment}", .. _values.Select(v => $"{v.Key} {v.Value}")]);
}
