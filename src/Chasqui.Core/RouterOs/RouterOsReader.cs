using System.Text;
using Chasqui.Core.Config;

namespace Chasqui.Core.RouterOs;

/// <summary>Reads the commands of a RouterOS script, above all of what <c>/export</c> writes.</summary>
/// <remarks>
/// Both of its forms: a menu in a line of its own with commands below it, and whole commands. What is no plain command - variables, loops,
/// prompts - is told by line and left out. Source: MikroTik's manual, "Scripting" and "Configuration Management".
/// </remarks>
internal sealed class RouterOsReader
{
    /// <summary>What stands before the version in an export's first line.</summary>
    internal const string VersionMark = " by RouterOS ";

    private const int MaxLength = 16 << 20;
    private const int MaxCommands = 200_000;

    private static readonly string[] Verbs =
        ["add", "set", "remove", "print", "export", "import", "disable", "enable", "unset", "move", "comment", "edit", "get", "find", "reset"];

    private readonly RouterOsText _text;
    private readonly List<RouterOsCommand> _commands = [];
    private readonly List<RouterOsNote> _notes = [];
    private string _menu = "/";

    /// <summary>Why the command that is being read is not understood; null as long as it is.</summary>
    private string? _problem;

    private RouterOsReader(string text) => _text = new RouterOsText(text);

    /// <summary>The commands in order.</summary>
    internal IReadOnlyList<RouterOsCommand> Commands => _commands;

    /// <summary>What is not understood, in order.</summary>
    internal IReadOnlyList<RouterOsNote> Notes => _notes;

    /// <summary>The version in the comment on top; null if there is none.</summary>
    internal string? Version { get; private set; }

    /// <summary>Reads a script.</summary>
    /// <exception cref="ConfigException">A string or a bracket has no end, so that nothing below it can be read; or it is too long.</exception>
    internal static RouterOsReader Read(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ConfigException("the script has more than 16 million characters; export the menus that matter only.");
        }

        var reader = new RouterOsReader(text);
        reader.ReadAll();
        return reader;
    }

    private void ReadAll()
    {
        while (true)
        {
            _text.SkipBlank();
            if (_text.IsAtEnd)
            {
                return;
            }

            if (_text.IsAtStatementEnd)
            {
                _ = _text.Take();
            }
            else if (_text.Next == '#')
            {
                ReadComment(_text.TakeLine());
            }
            else
            {
                ReadStatement();
            }
        }
    }

    /// <summary>Finds the version in <c># 2024-06-06 15:22:31 by RouterOS 7.14.2</c>.</summary>
    private void ReadComment(string line)
    {
        int at = line.IndexOf(VersionMark, StringComparison.Ordinal);
        if (Version is null && at >= 0)
        {
            string version = line[(at + VersionMark.Length)..].Trim();
            Version = RouterOsWord.IsBareText(version) ? version : null;
        }
    }

    private void ReadStatement()
    {
        int line = _text.Line;
        _problem = null;
        List<RouterOsWord> words = [];
        for (_text.SkipBlank(); !_text.IsAtStatementEnd; _text.SkipBlank())
        {
            if (_text.Next == '#' && words.Count > 0)
            {
                _ = _text.TakeLine();
                break;
            }

            ReadWord(words);
        }

        if (_commands.Count + _notes.Count >= MaxCommands)
        {
            throw new ConfigException(null, line, null, "there are more than 200000 commands above; export the menus that matter only.");
        }

        if (_problem is null)
        {
            Interpret(words, line);
        }

        if (_problem is not null)
        {
            _notes.Add(new RouterOsNote(line, $"not understood: {_problem}"));
        }
    }

    private void ReadWord(List<RouterOsWord> words)
    {
        int line = _text.Line;
        switch (_text.Next)
        {
            case '"':
                words.Add(new RouterOsWord(null, TakeString(), RouterOsWordKind.Text, line));
                break;
            case '[' or '(' or '{':
                words.Add(new RouterOsWord(null, _text.TakeBracketed(), RouterOsWordKind.Expression, line));
                break;
            default:
                ReadBareWord(words, line);
                return;
        }

        RequireSpace();
    }

    private void ReadBareWord(List<RouterOsWord> words, int line)
    {
        string word = TakeWhile(static c => c is not ('=' or '"' or '[' or ']' or '(' or ')' or '{' or '}' or '\\' or '$'));
        bool isUnset = word.StartsWith('!') && RouterOsWord.IsBareText(word.AsSpan(1));
        if (_text.Next == '=' && RouterOsWord.IsBareText(word))
        {
            _ = _text.Take();
            _ = _text.TrySkipJoint();
            words.Add(ReadValue(word, line));
        }
        else if (isUnset)
        {
            words.Add(new RouterOsWord(word[1..], "", RouterOsWordKind.Unset, line));
        }
        else if (RouterOsWord.IsBareText(word))
        {
            words.Add(new RouterOsWord(null, word, RouterOsWordKind.Text, line));
        }
        else
        {
            _problem ??= "a word is neither a name nor a property; only plain commands are read.";
            SkipWord();
            return;
        }

        RequireSpace();
    }

    private RouterOsWord ReadValue(string name, int line)
    {
        switch (_text.Next)
        {
            case '"':
                return new RouterOsWord(name, TakeString(), RouterOsWordKind.Text, line);
            case '[' or '(' or '{':
                return new RouterOsWord(name, _text.TakeBracketed(), RouterOsWordKind.Expression, line);
            default:
                string value = TakeWhile(static c => c is not ('"' or '[' or ']' or '(' or ')' or '{' or '}' or '\\'));
                bool isVariable = value.Contains('$', StringComparison.Ordinal);
                if (isVariable && value.Any(char.IsControl))
                {
                    _problem ??= "a variable is next to a control character; only plain commands are read.";
                }

                return new RouterOsWord(name, value, isVariable ? RouterOsWordKind.Expression : RouterOsWordKind.Text, line);
        }
    }

    private string TakeString()
    {
        string? value = _text.TakeString();
        _problem ??= value is null ? "a string has a '\\' that is followed by nothing it can stand for." : null;
        return value ?? "";
    }

    private string TakeWhile(Func<char, bool> isPart)
    {
        var word = new StringBuilder();
        while (!_text.IsAtStatementEnd && _text.Next is not (' ' or '\t') && isPart(_text.Next))
        {
            word.Append(_text.Take());
        }

        return RouterOsString.Decode(RouterOsString.Encode(word.ToString()));
    }

    private void RequireSpace()
    {
        bool isEnd = _text.IsAtStatementEnd || _text.Next is ' ' or '\t' || _text.TrySkipJoint();
        if (!isEnd)
        {
            _problem ??= "two words stand together; put a space between them, or quotes around them.";
            SkipWord();
        }
    }

    /// <summary>Skips what belongs to no word, without losing count of brackets and strings.</summary>
    private void SkipWord()
    {
        while (!_text.IsAtStatementEnd && _text.Next is not (' ' or '\t') && !_text.TrySkipJoint())
        {
            switch (_text.Next)
            {
                case '"':
                    _ = _text.TakeString();
                    break;
                case '[' or '(' or '{':
                    _ = _text.TakeBracketed();
                    break;
                default:
                    _ = _text.Take();
                    break;
            }
        }
    }

    private void Interpret(List<RouterOsWord> words, int line)
    {
        int count = words.FindIndex(static word => !word.IsBare);
        count = count < 0 ? words.Count : count;
        if (count == 0)
        {
            _problem = "it begins with no command.";
            return;
        }

        bool isAbsolute = words[0].Value.StartsWith('/');
        int verb = FindVerb(words, count);
        List<string> path = isAbsolute ? [] : [.. _menu.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        for (int i = 0; i < verb; i++)
        {
            path.AddRange(words[i].Value.Split('/', StringSplitOptions.RemoveEmptyEntries));
        }

        if (verb == words.Count)
        {
            Enter(path, isAbsolute);
            return;
        }

        // The last part of a path may be the command: /ip/address/add.
        List<string> last = [.. words[verb].Value.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        if (last.Count == 0)
        {
            _problem = "it has no command.";
            return;
        }

        path.AddRange(last[..^1]);
        if (AreNames(path) && AreNames(last))
        {
            _commands.Add(new RouterOsCommand("/" + string.Join('/', path), last[^1], words[(verb + 1)..], line));
        }
    }

    /// <summary>Which of the first words is the command; the number of words if all of them are a menu's path.</summary>
    private static int FindVerb(List<RouterOsWord> words, int count)
    {
        int known = words.FindIndex(0, count, static word => Verbs.Contains(word.Value[(word.Value.LastIndexOf('/') + 1)..]));
        return known >= 0 ? known : count < words.Count ? count - 1 : count;
    }

    private void Enter(List<string> path, bool isAbsolute)
    {
        if (!isAbsolute)
        {
            _problem = "it is neither a menu, which begins with '/', nor a command that is known.";
        }
        else if (AreNames(path))
        {
            _menu = "/" + string.Join('/', path);
        }
    }

    private bool AreNames(List<string> path)
    {
        foreach (string name in path)
        {
            if (!char.IsAsciiLetter(name[0]) || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
            {
                _problem = $"{ConfText.Quote(name)} is no menu and no command.";
                return false;
            }
        }

        return true;
    }
}
