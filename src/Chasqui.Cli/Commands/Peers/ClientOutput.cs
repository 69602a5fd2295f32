using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Chasqui.Cli.Qr;
using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.RouterOs;
using Chasqui.Core.Scripts;

namespace Chasqui.Cli.Commands.Peers;

/// <summary>Hands a far end's configuration over: to standard output, to a file, as a QR code.</summary>
/// <remarks>
/// On standard output stands the configuration and nothing else, unless that is a terminal, where the QR code follows it. A QR code that is
/// asked for beside redirected output goes to standard error.
/// </remarks>
internal sealed class ClientOutput : IDisposable
{
    private const string Output = "--output";
    private const string Force = "--force";
    private const string Qr = "--qr";
    private const string NoQr = "--no-qr";
    private const string For = "--for";
    private const string StandardOutput = "-";
    private const int UsualColumns = 80;

    private readonly Terminal _terminal;
    private readonly ClientFormat _format;
    private readonly string? _path;
    private readonly bool _isOverwriting;
    private readonly bool _showsQr;
    private QrPicture? _picture;
    private string _text = "";
    private byte[]? _before;

    private ClientOutput(OptionValues values, Terminal terminal, bool hasPrivateKey)
    {
        _terminal = terminal;
        _format = values.Read(For, ReadFormat);
        string? output = values.Get(Output);
        _path = output is null or StandardOutput ? null : output;
        _isOverwriting = values.Has(Force);
        bool isPossible = hasPrivateKey && _format == ClientFormat.Conf;
        _showsQr = values.Has(Qr) || (isPossible && output is null && terminal.IsOutputTerminal && !values.Has(NoQr));
        bool isPicture = PictureOf(_path) is not null;
        if (!isPossible && (values.Has(Qr) || isPicture))
        {
            throw new ConfigException(hasPrivateKey
                ? $"a QR code holds a file for the apps, and no commands; leave out {For} or the picture."
                : "a QR code without the private key is no use: it was made on the device and is known there only; leave the picture out.");
        }

        CheckPath();
    }

    /// <summary>The options.</summary>
    internal static Option[] Declared { get; } =
    [
        new(Output, "FILE", "Write it to FILE.conf, or as a QR code to FILE.png or FILE.svg; - is standard output") { Short = "-o" },
        new(Force, null, "Overwrite that file"),
        new(Qr, null, "Show the QR code though standard output is no terminal"),
        new(NoQr, null, "Do not show it"),
        new(For, "conf|routeros|linux", "The far end: apps and wg-quick, commands for RouterOS 7, or for Linux"),
    ];

    /// <summary>Reads the options, before anything is changed.</summary>
    /// <param name="values">What was given.</param>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="hasPrivateKey">Whether the configuration has its private key.</param>
    /// <exception cref="ConfigException">They cannot be done.</exception>
    internal static ClientOutput Read(OptionValues values, Terminal terminal, bool hasPrivateKey) => new(values, terminal, hasPrivateKey);

    /// <summary>Whether it goes to a file.</summary>
    internal bool HasFile => _path is not null;

    /// <summary>Puts it into its form; nothing is written or shown.</summary>
    /// <param name="interfaceName">The interface's name over there, for commands.</param>
    /// <param name="conf">The far end's file.</param>
    /// <exception cref="ConfigException">It does not fit into that form.</exception>
    internal void Prepare(string interfaceName, ConfDocument conf)
    {
        string text = conf.ToString();
        _picture = _showsQr || PictureOf(_path) is not null ? QrPicture.Of(text) : null;
        _text = ToText(interfaceName, text);
    }

    /// <summary>Writes the file.</summary>
    internal void Deliver()
    {
        byte[] content = ToFile();
        try
        {
            if (_isOverwriting && File.Exists(_path))
            {
                _before = File.ReadAllBytes(_path);
            }

            SecretOutput.Write(_path!, content, _isOverwriting);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>Takes the file back, and gives the overwritten one its place again.</summary>
    internal void Withdraw()
    {
        if (_before is null)
        {
            File.Delete(_path!);
        }
        else
        {
            SecretOutput.Write(_path!, _before, isReplacing: true);
        }
    }

    /// <summary>Shows what was not written to a file.</summary>
    internal void Show()
    {
        if (_path is not null)
        {
            _terminal.Error.WriteLine($"{_path} is written, for the other end.");
        }
        else
        {
            SecretOutput.Warn(_terminal);
            _terminal.Output.Write(_text);
        }

        if (_showsQr)
        {
            if (_picture!.Size > UsualColumns)
            {
                _terminal.Error.WriteLine($"[!] The QR code is {_picture.Size} columns wide; in a narrower terminal, write it to a file with -o FILE.png.");
            }

            Action<string> draw = _path is not null || _terminal.IsOutputTerminal ? _terminal.Output.Write : _terminal.Draw;
            draw(_picture.ToTerminal());
        }
    }

    /// <summary>Forgets the picture, and the file that was overwritten.</summary>
    public void Dispose()
    {
        _picture?.Dispose();
        CryptographicOperations.ZeroMemory(_before);
    }

    private static ClientFormat ReadFormat(string text) => text switch
    {
        "conf" => ClientFormat.Conf,
        "routeros" => ClientFormat.RouterOs,
        "linux" => ClientFormat.Linux,
        _ => throw new ConfigException(Spelling.Nearest(text, ["conf", "routeros", "linux"]) is { } meant
            ? $"{ConfigException.Quote(text)} is no kind of far end; did you mean {meant}?"
            : $"{ConfigException.Quote(text)} is no kind of far end; give conf, routeros or linux."),
    };

    /// <summary>The kind of picture that a file's name asks for; null for text.</summary>
    private static string? PictureOf(string? path) => Path.GetExtension(path)?.ToLowerInvariant() is (".png" or ".svg") and var kind ? kind : null;

    private void CheckPath()
    {
        if (_path is null)
        {
            return;
        }

        if (_format == ClientFormat.Conf && PictureOf(_path) is null && Path.GetExtension(_path) != QuickConfName.Extension)
        {
            string quoted = ConfigException.Quote(_path);
            throw new ConfigException(null, 0, Output, $"{quoted} is neither text nor a picture that is known; end it with .conf, .png or .svg.");
        }

        if (File.Exists(_path) && !_isOverwriting)
        {
            string quoted = ConfigException.Quote(_path);
            throw new ConfigException(null, 0, Output, $"{quoted} exists and stays as it is; choose another file, or add {Force}.");
        }
    }

    private byte[] ToFile() => PictureOf(_path) switch
    {
        ".png" => _picture!.ToPng(),
        ".svg" => Encoding.UTF8.GetBytes(_picture!.ToSvg()),
        _ => Encoding.UTF8.GetBytes(_text),
    };

    private string ToText(string interfaceName, string conf) => _format switch
    {
        ClientFormat.Conf => conf,
        ClientFormat.RouterOs => ToScript(RouterOsWriter.Write(interfaceName, WithoutPlaceholder(conf))),
        ClientFormat.Linux => ToScript(LinuxCommands.Write(interfaceName, WithoutPlaceholder(conf))),
        _ => throw new UnreachableException(),
    };

    private string ToScript(CommandScript script)
    {
        foreach (string sentence in script.NotCarriedOver)
        {
            _terminal.Error.WriteLine($"[!] {sentence}");
        }

        return script.Text;
    }

    /// <summary>The far end's file without the line for a key that only the far end knows.</summary>
    private static string WithoutPlaceholder(string conf)
    {
        ConfDocument document = ConfDocument.Parse(conf);
        if (document.Interface?.Get(ConfKeys.PrivateKey) == ClientConf.KeyPlaceholder)
        {
            _ = document.Interface.Remove(ConfKeys.PrivateKey);
        }

        return document.ToString();
    }
}
