using Chasqui.Core.Config;

namespace Chasqui.Cli;

/// <summary>The arguments of a command, declared: its words, its options and the help made of both.</summary>
/// <remarks>
/// Takes <c>--name VALUE</c>, <c>--name=VALUE</c>, short spellings likewise, options before and after words; <c>--</c> ends the options.
/// Nothing is abbreviated. <c>-h</c> and <c>--help</c> are known to all.
/// </remarks>
internal sealed class Options
{
    private const string End = "--";
    private const int MinHelpColumn = 26;

    private readonly string _command;
    private readonly string[] _words;
    private readonly Option[] _options;

    /// <summary>Declares a command's arguments.</summary>
    /// <param name="command">The command as it is called, without the program: <c>peer add</c>.</param>
    /// <param name="words">Its words, for the help: <c>IFNAME</c>; one in brackets may be left out, and all after it.</param>
    /// <param name="options">Its options.</param>
    internal Options(string command, string[] words, params Option[] options)
    {
        _command = command;
        _words = words;
        _options = options;
    }

    /// <summary>What the command does, for the help: sentences, examples; empty for nothing.</summary>
    internal string About { get; init; } = "";

    /// <summary>The exit code when something is wrong.</summary>
    internal int FailureCode { get; init; } = Invocation.Failure;

    /// <summary>Runs a command with its arguments read; shows the help or says what is wrong with them otherwise.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="run">The command; what it throws as <see cref="ConfigException"/> is said as well.</param>
    /// <returns>The exit code.</returns>
    internal int Run(Invocation invocation, Func<OptionValues, int> run)
    {
        try
        {
            OptionValues values = Parse(invocation.Arguments);
            if (!values.IsHelp)
            {
                return run(values);
            }

            WriteHelp(invocation.Program, invocation.Terminal.Output);
            return Invocation.Success;
        }
        catch (ConfigException exception)
        {
            _ = invocation.Fail(exception.Message);
            return FailureCode;
        }
    }

    /// <summary>Reads arguments.</summary>
    /// <exception cref="ConfigException">An option is unknown, has no value, or is given twice; or there are words too few or too many.</exception>
    internal OptionValues Parse(IReadOnlyList<string> arguments)
    {
        OptionValues values = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == End)
            {
                AddWords(values, arguments, i + 1);
                break;
            }

            if (argument is "-h" or "--help")
            {
                values.IsHelp = true;
                return values;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                values.Add(argument);
                continue;
            }

            Take(argument, arguments, ref i, values);
        }

        CheckWords(values.Words);
        return values;
    }

    private static void AddWords(OptionValues values, IReadOnlyList<string> arguments, int first)
    {
        for (int i = first; i < arguments.Count; i++)
        {
            values.Add(arguments[i]);
        }
    }

    private void Take(string argument, IReadOnlyList<string> arguments, ref int i, OptionValues values)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? argument : argument[..equals];
        Option option = Find(name) ?? throw Unknown(name);
        if (values.Has(option.Name) && !option.IsRepeatable)
        {
            throw new ConfigException($"{option.Name} is given twice; give it once.");
        }

        if (option.Value is null)
        {
            values.Add(option, equals < 0 ? "" : throw new ConfigException($"{option.Name} takes no value; leave out what follows the '='."));
            return;
        }

        if (equals < 0)
        {
            i++;
        }

        // An option that is known is no value: "--port --mtu 1400" lacks a port.
        bool isMissing = equals < 0 && (i == arguments.Count || arguments[i] == End || Find(arguments[i].Split('=')[0]) is not null);
        string value = isMissing ? "" : equals < 0 ? arguments[i] : argument[(equals + 1)..];
        values.Add(option, value.Length > 0 ? value : throw new ConfigException($"{option.Name} has no value; give {option.Name} {option.Value}."));
    }

    private Option? Find(string name) => Array.Find(_options, option => option.Name == name || (option.Short is not null && option.Short == name));

    private ConfigException Unknown(string name)
    {
        string quoted = ConfigException.Quote(name);
        return Spelling.Nearest(name, _options.Select(static option => option.Name)) is { } meant
            ? new ConfigException($"there is no option {quoted}; did you mean {meant}?")
            : new ConfigException($"there is no option {quoted}; see `chasqui {_command} --help'.");
    }

    private void CheckWords(IReadOnlyList<string> words)
    {
        int required = Array.FindIndex(_words, static word => word.StartsWith('['));
        required = required < 0 ? _words.Length : required;
        if (words.Count < required)
        {
            throw new ConfigException($"{_words[words.Count]} is missing; usage: {Usage("chasqui")}");
        }

        if (words.Count > _words.Length)
        {
            throw new ConfigException($"{ConfigException.Quote(words[_words.Length])} is one word too many; usage: {Usage("chasqui")}");
        }
    }

    private string Usage(string program) => string.Join(' ', [program, _command, .. _words]) + (_options.Length == 0 ? "" : " [OPTIONS]");

    private void WriteHelp(string program, TextWriter output)
    {
        output.WriteLine($"Usage: {Usage(program)}");
        if (About.Length > 0)
        {
            output.WriteLine($"\n{About}");
        }

        if (_options.Length > 0)
        {
            output.WriteLine();
        }

        int column = _options.Select(static option => Spelled(option).Length + 2).Append(MinHelpColumn).Max();
        foreach (Option option in _options)
        {
            output.WriteLine($"  {Spelled(option).PadRight(column)}{option.Summary}");
        }
    }

    private static string Spelled(Option option) =>
        $"{(option.Short is null ? "" : option.Short + ", ")}{option.Name}{(option.Value is null ? "" : " " + option.Value)}";
}
