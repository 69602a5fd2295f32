namespace Chasqui.System.Tests.Harness;

/// <summary>An answer of the UAPI socket: its lines in order, and the error number that ends it.</summary>
internal sealed record UapiReply(IReadOnlyList<KeyValuePair<string, string>> Lines, int Errno)
{
    /// <summary>The values of every line with this key.</summary>
    public string[] All(string key) => [.. Lines.Where(line => line.Key == key).Select(line => line.Value)];

    /// <summary>The keys of a peer's section in order; empty if there is no such peer.</summary>
    public string[] Section(string publicKeyHex) => [.. SectionLines(publicKeyHex).Select(line => line.Key)];

    /// <summary>One value out of a peer's section.</summary>
    public string? Of(string publicKeyHex, string key) =>
        SectionLines(publicKeyHex).Where(line => line.Key == key).Select(line => line.Value).FirstOrDefault();

    public string[] AllOf(string publicKeyHex, string key) =>
        [.. SectionLines(publicKeyHex).Where(line => line.Key == key).Select(line => line.Value)];

    public static UapiReply Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .Select(parts => KeyValuePair.Create(parts[0], parts.Length > 1 ? parts[1] : ""))
            .ToList();
        Assert.True(lines.Count > 0 && lines[^1].Key == "errno", $"an answer ends with errno:\n{text}");
        return new UapiReply(lines[..^1], int.Parse(lines[^1].Value));
    }

    private IEnumerable<KeyValuePair<string, string>> SectionLines(string publicKeyHex)
    {
        var start = Lines.ToList().FindIndex(line => line.Key == "public_key" && line.Value == publicKeyHex);
        return start < 0 ? [] : [Lines[start], .. Lines.Skip(start + 1).TakeWhile(line => line.Key != "public_key")];
    }
}
