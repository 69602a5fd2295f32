using Chasqui.Core.Keys;

namespace Chasqui.Core.Config;

/// <summary>A section of a configuration file: its title, the lines below it, and the comment right above it.</summary>
/// <remarks>
/// Comments that stand right above a title belong to it, unless they are entries or titles that were commented out: then they, and all
/// above them, belong to the section before. Threads: one at a time.
/// </remarks>
public sealed partial class ConfSection
{
    private readonly List<ConfLine> _leading;
    private readonly List<ConfLine> _body = [];
    private readonly string _lineEnd;
    private ConfLine _title;

    internal ConfSection(List<ConfLine> leading, ConfLine title, string lineEnd)
    {
        _leading = leading;
        _title = title;
        _lineEnd = lineEnd;
        string name = ConfText.RemoveSpaces(ConfText.BeforeComment(title.Text));
        Title = name;
        Kind = ConfKeys.Equal(name, "[Interface]") ? ConfSectionKind.Interface
            : ConfKeys.Equal(name, "[Peer]") ? ConfSectionKind.Peer
            : ConfSectionKind.Unknown;
    }

    /// <summary>What the section describes.</summary>
    public ConfSectionKind Kind { get; }

    /// <summary>The title with its brackets, without white space.</summary>
    public string Title { get; }

    /// <summary>The title's line in the text that was parsed, from 1; 0 for a section that an edit has made.</summary>
    public int Number => _title.Number;

    /// <summary>All lines in order: the comment above the title, the title, the lines below it.</summary>
    public IEnumerable<ConfLine> Lines => [.. _leading, _title, .. _body];

    /// <summary>The entries in order.</summary>
    public IEnumerable<ConfLine> Entries => _body.Where(static line => line.Kind == ConfLineKind.Entry);

    internal List<ConfLine> Body => _body;

    /// <summary>The value that counts for a key that has one: the last one; null if there is none.</summary>
    public string? Get(string key)
    {
        int index = _body.FindLastIndex(line => Is(line, key));
        return index < 0 ? null : _body[index].Value;
    }

    /// <summary>The peer's public key; as <c>wg</c> does, without regard to white space in it.</summary>
    /// <returns><see langword="false"/> if there is none, or it is no key.</returns>
    public bool TryGetPublicKey(out PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        bool isKey = KeyText.TryParseBase64(ConfText.RemoveSpaces(Get(ConfKeys.PublicKey)), bytes);
        key = isKey ? new PublicKey(bytes) : default;
        return isKey;
    }

    /// <summary>All values of a key, in order.</summary>
    public IReadOnlyList<string> GetAll(string key) => _body.FindAll(line => Is(line, key)).ConvertAll(static line => line.Value);

    /// <summary>Gives a key one value: in the place of the first one it has, else below the last entry. Further ones are removed.</summary>
    /// <exception cref="ConfigException">The key or the value cannot stand in a line. Nothing has changed.</exception>
    public void Set(string key, string value)
    {
        Check(key, ref value);
        int first = _body.FindIndex(line => Is(line, key));
        if (first < 0)
        {
            Insert(key, value);
            return;
        }

        _body[first] = _body[first].WithValue(value);
        for (int i = _body.Count - 1; i > first; i--)
        {
            if (Is(_body[i], key))
            {
                _body.RemoveAt(i);
            }
        }
    }

    /// <summary>Gives a key one more value: below those it has, else below the last entry.</summary>
    /// <exception cref="ConfigException">The key or the value cannot stand in a line. Nothing has changed.</exception>
    public void Add(string key, string value)
    {
        Check(key, ref value);
        Insert(key, value);
    }

    /// <summary>Removes all values of a key, each with the comment in its line.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Remove(string key) => _body.RemoveAll(line => Is(line, key)) > 0;

    private static bool Is(ConfLine line, string key) => line.Kind == ConfLineKind.Entry && ConfKeys.Equal(line.Key, key);

    private void Insert(string key, string value)
    {
        int after = _body.FindLastIndex(line => Is(line, key));
        after = after >= 0 ? after : _body.FindLastIndex(static line => line.Kind == ConfLineKind.Entry);
        string indentation = after >= 0 ? _body[after].Indentation : "";
        InsertLine((after >= 0 ? after : NoteIndex()) + 1, $"{indentation}{key} = {value}");
    }

    private void InsertLine(int index, string text) => _body.Insert(index, new ConfLine(text + _lineEnd, 0));

    private static void Check(string key, ref string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (key.Length == 0 || key.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            throw new ConfigException($"{ConfText.Quote(key)} is no key; a key has letters and digits only.");
        }

        if (!ConfText.IsOneLine(value))
        {
            throw new ConfigException(null, 0, key, "the value has a line end or another control character; leave it out.");
        }

        value = ConfText.Trim(value).ToString();
        if (value.Length == 0)
        {
            throw new ConfigException(null, 0, key, "the value is empty, which stock tools refuse; remove the key instead.");
        }

        if (value.Contains(ConfText.CommentMark, StringComparison.Ordinal) && !ConfKeys.IsHook(key))
        {
            throw new ConfigException(null, 0, key, "the value has a '#', which starts a comment; leave it out.");
        }
    }
}
