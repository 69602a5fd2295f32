using System.Buffers;
using System.Globalization;
using System.Text;

namespace Chasqui.Core.Config;

/// <summary>What <c>wg-quick</c> takes from a file: its nine keys, and the rest for <c>wg</c>.</summary>
/// <remarks>
/// Read as the stock script reads, which differs from <c>wg</c>: a section's title has no white space inside, only <c>[Interface]</c> opens
/// the section and any other title ends it, a line without '=' is key and value at once, and white space counts inside values.
/// File name patterns in addresses are not expanded, as the script does by accident.
/// Source: wg-quick(8); wireguard-tools wg-quick/linux.bash.
/// </remarks>
public sealed class QuickConf
{
    private static readonly SearchValues<char> DottedCharacters = SearchValues.Create("0123456789.");

    private readonly List<QuickValue> _addresses = [];
    private readonly List<QuickValue> _dns = [];
    private readonly List<QuickValue> _dnsSearch = [];
    private readonly List<QuickValue> _preUp = [];
    private readonly List<QuickValue> _postUp = [];
    private readonly List<QuickValue> _preDown = [];
    private readonly List<QuickValue> _postDown = [];
    private readonly StringBuilder _rest = new();
    private readonly StringBuilder _restInPlace = new();
    private readonly string? _file;
    private readonly Action<ConfigException>? _mistakes;
    private QuickValue? _mtu;
    private QuickValue? _table;

    private QuickConf(string? file, Action<ConfigException>? mistakes)
    {
        _file = file;
        _mistakes = mistakes;
    }

    /// <summary>Addresses of the interface, in order.</summary>
    public IReadOnlyList<QuickValue> Addresses => _addresses;

    /// <summary>Name servers, in order: values of digits and dots, or with a colon.</summary>
    public IReadOnlyList<QuickValue> Dns => _dns;

    /// <summary>Search domains, in order: all other values of <c>DNS</c>.</summary>
    public IReadOnlyList<QuickValue> DnsSearch => _dnsSearch;

    /// <summary>The MTU; null if there is none or it is empty.</summary>
    public QuickValue? Mtu => NotEmpty(_mtu);

    /// <summary>The routing table; null for <c>auto</c>, also if it is empty.</summary>
    public QuickValue? Table => NotEmpty(_table) is { Text: not "auto" } table ? table : null;

    /// <summary>The table as it is written, <c>auto</c> too; null if there is none or it is empty.</summary>
    public QuickValue? WrittenTable => NotEmpty(_table);

    /// <summary>Whether no routes are added. Only lower case says so, as in the script.</summary>
    public bool IsTableOff => _table is { Text: "off" };

    /// <summary>Commands before the interface is configured.</summary>
    public IReadOnlyList<QuickValue> PreUp => _preUp;

    /// <summary>Commands after the interface is up.</summary>
    public IReadOnlyList<QuickValue> PostUp => _postUp;

    /// <summary>Commands before the interface goes down.</summary>
    public IReadOnlyList<QuickValue> PreDown => _preDown;

    /// <summary>Commands after the interface is gone.</summary>
    public IReadOnlyList<QuickValue> PostDown => _postDown;

    /// <summary>Whether the state is saved on the way down.</summary>
    public bool SaveConfig { get; private set; }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its name for messages, or null.</param>
    /// <exception cref="ConfigException"><c>SaveConfig</c> is neither true nor false: all that the script refuses.</exception>
    public static QuickConf Parse(string text, string? file)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text, file, mistakes: null);
    }

    /// <summary>Reads a document.</summary>
    /// <inheritdoc cref="Parse(string, string?)"/>
    public static QuickConf Parse(ConfDocument document, string? file)
    {
        ArgumentNullException.ThrowIfNull(document);
        return Parse(document.ToString(), file);
    }

    /// <summary>Reads a file's text to its end, and tells what the script refuses instead of throwing it.</summary>
    internal static QuickConf Parse(string text, string? file, Action<ConfigException>? mistakes)
    {
        var conf = new QuickConf(file, mistakes);
        string[] lines = text.Split('\n');
        bool isInterface = false;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Replace("\0", "", StringComparison.Ordinal).Trim(' ', '\t');
            if (i == lines.Length - 1 && line.Length == 0)
            {
                break;
            }

            if (!conf.TryTake(line, i + 1, ref isInterface))
            {
                conf._rest.Append(line).Append('\n');
                conf._restInPlace.Append(line);
            }

            conf._restInPlace.Append('\n');
        }

        return conf;
    }

    /// <summary>A hook with <c>%i</c> replaced by the interface's name.</summary>
    public static string ExpandHook(string hook, string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return hook.Replace("%i", interfaceName, StringComparison.Ordinal);
    }

    /// <summary>What <c>wg-quick strip</c> prints, byte for byte: the lines that are not its own, and an empty one.</summary>
    public string Strip() => _rest + "\n";

    /// <summary>The same with an empty line for each of its own, so that <see cref="WgConf"/> tells the lines of the file.</summary>
    public string StripInPlace() => _restInPlace.ToString();

    /// <summary>The addresses of the interface.</summary>
    /// <exception cref="ConfigException">One of them is none.</exception>
    public IReadOnlyList<QuickAddress> ReadAddresses() => _addresses.ConvertAll(value =>
        QuickAddress.TryParse(value.Text, out QuickAddress address)
            ? address
            : throw Wrong(value, ConfKeys.Address, "is no IPv4 or IPv6 address; give ADDRESS/LENGTH"));

    /// <summary>The MTU as a number; null if there is none.</summary>
    /// <exception cref="ConfigException">It is no number from 68 to 65535.</exception>
    public int? ReadMtu()
    {
        if (Mtu is not { } value)
        {
            return null;
        }

        bool isMtu = ushort.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort mtu) && mtu >= 68;
        return isMtu ? mtu : throw Wrong(value, ConfKeys.Mtu, "is no MTU; give a number from 68 to 65535, or leave it out");
    }

    private static QuickValue? NotEmpty(QuickValue? value) => value is { Text.Length: > 0 } ? value : null;

    private bool TryTake(string line, int number, ref bool isInterface)
    {
        ReadOnlySpan<char> code = ConfText.BeforeComment(line);
        int equals = code.IndexOf('=');
        ReadOnlySpan<char> key = ConfText.Trim(equals < 0 ? code : code[..equals]);
        if (key.StartsWith('['))
        {
            isInterface = ConfKeys.Equal(key, "[Interface]");
        }

        if (!isInterface)
        {
            return false;
        }

        string value = ConfText.Trim(code[(equals + 1)..]).ToString();
        string withComment = ConfText.Trim(line.AsSpan(line.IndexOf('=', StringComparison.Ordinal) + 1)).ToString();
        return TryTakeHook(key, new QuickValue(withComment, number)) || TryTakeValue(key, new QuickValue(value, number));
    }

    private bool TryTakeHook(ReadOnlySpan<char> key, QuickValue value)
    {
        List<QuickValue>? hooks = ConfKeys.Equal(key, ConfKeys.PreUp) ? _preUp
            : ConfKeys.Equal(key, ConfKeys.PostUp) ? _postUp
            : ConfKeys.Equal(key, ConfKeys.PreDown) ? _preDown
            : ConfKeys.Equal(key, ConfKeys.PostDown) ? _postDown
            : null;
        hooks?.Add(value);
        return hooks is not null;
    }

    private bool TryTakeValue(ReadOnlySpan<char> key, QuickValue value)
    {
        if (ConfKeys.Equal(key, ConfKeys.Address))
        {
            AddWords(value, static (conf, word) => conf._addresses.Add(word));
        }
        else if (ConfKeys.Equal(key, ConfKeys.Dns))
        {
            AddWords(value, static (conf, word) => (IsNameServer(word.Text) ? conf._dns : conf._dnsSearch).Add(word));
        }
        else if (ConfKeys.Equal(key, ConfKeys.Mtu))
        {
            _mtu = value;
        }
        else if (ConfKeys.Equal(key, ConfKeys.Table))
        {
            _table = value;
        }
        else if (ConfKeys.Equal(key, ConfKeys.SaveConfig))
        {
            SaveConfig = ReadBoolean(value);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void AddWords(QuickValue value, Action<QuickConf, QuickValue> add)
    {
        foreach (string word in value.Text.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            add(this, new QuickValue(word, value.Line));
        }
    }

    private static bool IsNameServer(string word) =>
        word.Contains(':', StringComparison.Ordinal) || !word.AsSpan().ContainsAnyExcept(DottedCharacters);

    private bool ReadBoolean(QuickValue value)
    {
        bool isTrue = ConfKeys.Equal(value.Text, "true");
        if (isTrue || ConfKeys.Equal(value.Text, "false"))
        {
            return isTrue;
        }

        var mistake = new ConfigException(
            _file,
            value.Line,
            ConfKeys.SaveConfig,
            $"{ConfText.Quote(value.Text)} is neither true nor false.",
            Encoding.UTF8.GetBytes($"wg-quick: `{value.Text}' is neither true nor false\n"));
        if (_mistakes is null)
        {
            throw mistake;
        }

        _mistakes(mistake);
        return false;
    }

    private ConfigException Wrong(QuickValue value, string key, string what) =>
        new(_file, value.Line, key, $"{ConfText.Quote(value.Text)} {what}.");
}
