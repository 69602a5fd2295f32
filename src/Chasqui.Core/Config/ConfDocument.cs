using System.Text;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Config;

/// <summary>A configuration file as text that can be edited without losing anything: comments, order, unknown keys, line ends.</summary>
/// <remarks>
/// Takes any text, whether stock tools would or not, and gives it back unchanged but for the lines that were edited. Lines end at line
/// feeds; where the first line ends with a carriage return, new ones do. Threads: one at a time.
/// </remarks>
public sealed class ConfDocument
{
    private readonly List<ConfLine> _preamble = [];
    private readonly List<ConfSection> _sections = [];
    private readonly bool _endsWithLineFeed;
    private readonly string _lineEnd;

    private ConfDocument(string text)
    {
        string[] lines = text.Split('\n');
        _endsWithLineFeed = lines[^1].Length == 0;
        _lineEnd = lines.Length > 1 && lines[0].EndsWith('\r') ? "\r" : "";
        int count = lines.Length - (_endsWithLineFeed ? 1 : 0);
        for (int i = 0; i < count; i++)
        {
            Append(new ConfLine(lines[i], i + 1));
        }
    }

    /// <summary>All sections in order.</summary>
    public IReadOnlyList<ConfSection> Sections => _sections;

    /// <summary>The first interface's section; null if there is none.</summary>
    public ConfSection? Interface => _sections.Find(static section => section.Kind == ConfSectionKind.Interface);

    /// <summary>The peers' sections in order.</summary>
    public IEnumerable<ConfSection> Peers => _sections.Where(static section => section.Kind == ConfSectionKind.Peer);

    /// <summary>All lines in order.</summary>
    public IEnumerable<ConfLine> Lines => _preamble.Concat(_sections.SelectMany(static section => section.Lines));

    /// <summary>Lays a document over a text.</summary>
    public static ConfDocument Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ConfDocument(text);
    }

    /// <summary>Lays a document over a file's bytes, whatever they are.</summary>
    public static ConfDocument Parse(ReadOnlySpan<byte> bytes) => new(ConfEncoding.Decode(bytes));

    /// <summary>The peer that has this public key, or this name.</summary>
    /// <param name="keyOrName">44 characters of base64, or a name, letter for letter.</param>
    /// <returns>The section; null if there is none.</returns>
    /// <exception cref="ConfigException">More than one peer is meant.</exception>
    public ConfSection? FindPeer(string keyOrName)
    {
        ArgumentNullException.ThrowIfNull(keyOrName);
        Span<byte> key = stackalloc byte[PublicKey.Length];
        bool isKey = KeyText.TryParseBase64(keyOrName, key);
        ConfSection? found = null;
        foreach (ConfSection peer in Peers)
        {
            if ((isKey ? ConfText.RemoveSpaces(peer.Get(ConfKeys.PublicKey)) : peer.Name) != keyOrName)
            {
                continue;
            }

            found = found is null
                ? peer
                : throw new ConfigException(
                    $"{ConfText.QuoteNameOrKey(keyOrName)} is more than one peer; {(isKey ? "remove one" : "give the public key")}.");
        }

        return found;
    }

    /// <summary>Adds the interface's section on top, or returns the one there is.</summary>
    public ConfSection AddInterface()
    {
        if (Interface is { } known)
        {
            return known;
        }

        var section = new ConfSection([], new ConfLine("[Interface]" + _lineEnd, 0), _lineEnd);
        if (_sections.Count > 0)
        {
            section.Body.Add(new ConfLine(_lineEnd, 0));
        }

        _sections.Insert(0, section);
        return section;
    }

    /// <summary>Adds a peer's section at the end, an empty line before it.</summary>
    /// <param name="publicKey">The peer's public key.</param>
    /// <param name="name">The peer's name, or null.</param>
    /// <exception cref="ConfigException">It is no name. Nothing has changed.</exception>
    public ConfSection AddPeer(PublicKey publicKey, string? name)
    {
        List<ConfLine> leading = LastLine() is { Kind: not ConfLineKind.Blank } ? [new ConfLine(_lineEnd, 0)] : [];
        var section = new ConfSection(leading, new ConfLine("[Peer]" + _lineEnd, 0), _lineEnd);
        section.Rename(name);
        section.Set(ConfKeys.PublicKey, publicKey.ToString());
        _sections.Add(section);
        return section;
    }

    /// <summary>Removes a section with its comments; what stands below its last paragraph, and is no part of the next one, stays.</summary>
    /// <returns>Whether it was in the document.</returns>
    public bool Remove(ConfSection section)
    {
        int index = _sections.IndexOf(section);
        if (index < 0)
        {
            return false;
        }

        _sections.RemoveAt(index);
        List<ConfLine> above = index == 0 ? _preamble : _sections[index - 1].Body;
        above.AddRange(Remainder(section.Body));
        if (index == _sections.Count)
        {
            int end = above.FindLastIndex(static line => line.Kind != ConfLineKind.Blank) + 1;
            above.RemoveRange(end, above.Count - end);
        }

        return true;
    }

    /// <summary>The document's text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (ConfLine line in Lines)
        {
            text.Append(line.Text).Append('\n');
        }

        text.Length -= _endsWithLineFeed || text.Length == 0 ? 0 : 1;
        return text.ToString();
    }

    /// <summary>The document's bytes.</summary>
    /// <remarks>Ownership: they may hold secrets; the caller zeroes them after use.</remarks>
    public byte[] ToBytes() => ConfEncoding.Encode(ToString());

    private ConfLine? LastLine() => _sections.Count == 0 ? _preamble.LastOrDefault() : _sections[^1].Lines.Last();

    private void Append(ConfLine line)
    {
        List<ConfLine> above = _sections.Count == 0 ? _preamble : _sections[^1].Body;
        if (line.Kind != ConfLineKind.Section)
        {
            above.Add(line);
            return;
        }

        int first = above.Count;
        while (first > 0 && above[first - 1].Kind == ConfLineKind.Comment && !ConfSection.IsCommentedOut(above[first - 1]))
        {
            first--;
        }

        // A section of nothing but comments keeps them: they have no other section to be in.
        first = first == 0 && _sections.Count > 0 ? above.Count : first;
        List<ConfLine> leading = above[first..];
        above.RemoveRange(first, leading.Count);
        _sections.Add(new ConfSection(leading, line, _lineEnd));
    }

    /// <summary>What is left of a removed section: from the first empty line after its last entry, if a comment follows.</summary>
    private static List<ConfLine> Remainder(List<ConfLine> body)
    {
        int entry = body.FindLastIndex(static line => line.Kind is ConfLineKind.Entry or ConfLineKind.Other);
        int blank = body.FindIndex(entry + 1, static line => line.Kind == ConfLineKind.Blank);
        return blank >= 0 && body.FindIndex(blank, static line => line.Kind == ConfLineKind.Comment) is >= 0 and var first
            ? body[first..]
            : [];
    }
}
