using System.Diagnostics;

namespace Chasqui.Core.Config;

/// <summary>Reads the lines of a file for <c>wg setconf</c>, exactly as stock does.</summary>
/// <remarks>
/// Lines end at line feeds only. In a line everything from '#' on, or from a zero character on, does not count, and neither does any
/// white space. Source: wireguard-tools config.c.
/// </remarks>
internal sealed class WgConfReader
{
    private readonly ConfPlace _place;
    private readonly WgValueReader _values;
    private readonly WgConf _conf;
    private readonly Action<ConfigException>? _mistakes;
    private WgConfPeer? _peer;
    private bool _isInterface;

    /// <summary>In a section that is none: its title was told, its lines say nothing more.</summary>
    private bool _isSkipping;

    private WgConfReader(WgConf conf, WgConfOptions options, bool isBytes)
    {
        _conf = conf;
        _mistakes = options.Mistakes;
        _place = new ConfPlace(options, isBytes, "Configuration parsing error\n");
        _values = new WgValueReader(_place);
    }

    internal static WgConf Read(ReadOnlySpan<char> text, WgConfOptions options, bool isBytes)
    {
        var conf = new WgConf { File = options.File };
        var reader = new WgConfReader(conf, options, isBytes);
        try
        {
            reader.ReadLines(text);
            reader.Finish();
            return conf;
        }
        catch
        {
            conf.Dispose();
            throw;
        }
    }

    private void ReadLines(ReadOnlySpan<char> text)
    {
        char[] cleaned = GC.AllocateUninitializedArray<char>(LongestLine(text), pinned: true);
        try
        {
            while (!text.IsEmpty)
            {
                int end = text.IndexOf('\n');
                _place.Line++;
                _place.Key = null;
                int length = Clean(end < 0 ? text : text[..end], cleaned);
                if (length > 0)
                {
                    TryReadLine(cleaned.AsSpan(0, length));
                }

                text = end < 0 ? default : text[(end + 1)..];
            }
        }
        finally
        {
            Array.Clear(cleaned);
        }
    }

    private static int LongestLine(ReadOnlySpan<char> text)
    {
        int longest = 0;
        foreach (Range line in text.Split('\n'))
        {
            longest = Math.Max(longest, line.GetOffsetAndLength(text.Length).Length);
        }

        return longest;
    }

    private static int Clean(ReadOnlySpan<char> line, Span<char> cleaned)
    {
        int length = 0;
        foreach (char c in line)
        {
            if (c is ConfText.CommentMark or '\0')
            {
                break;
            }

            if (!ConfText.IsSpace(c))
            {
                cleaned[length++] = c;
            }
        }

        return length;
    }

    private void TryReadLine(ReadOnlySpan<char> line)
    {
        try
        {
            ReadLine(line);
        }
        catch (ConfigException mistake) when (_mistakes is not null)
        {
            _mistakes(mistake);
            _isSkipping = line[0] == '[';
            _peer?.IsPublicKeyWrong |= mistake.Key == ConfKeys.PublicKey;
        }
    }

    private void ReadLine(ReadOnlySpan<char> line)
    {
        if (ConfKeys.Equal(line, "[Interface]"))
        {
            (_isInterface, _isSkipping) = (true, false);
            _peer = null;
        }
        else if (ConfKeys.Equal(line, "[Peer]"))
        {
            (_isInterface, _isSkipping) = (false, false);
            _peer = new WgConfPeer { Line = _place.Line, ReplaceAllowedIps = true };
            _conf.Add(_peer);
        }
        else if (!_isSkipping && !(_isInterface ? TryReadInterface(line) : TryReadPeer(line)))
        {
            throw Unrecognized(line);
        }
    }

    private bool TryReadInterface(ReadOnlySpan<char> line)
    {
        if (HasValue(line, ConfKeys.ListenPort, out ReadOnlySpan<char> value))
        {
            _conf.ListenPort = _values.Port(value);
        }
        else if (HasValue(line, ConfKeys.FwMark, out value))
        {
            _conf.FwMark = _values.FwMark(value);
        }
        else if (HasValue(line, ConfKeys.PrivateKey, out value))
        {
            _values.SetPrivateKey(_conf, value);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool TryReadPeer(ReadOnlySpan<char> line)
    {
        if (_peer is null)
        {
            return false;
        }

        if (HasValue(line, ConfKeys.Endpoint, out ReadOnlySpan<char> value))
        {
            _values.SetEndpoint(_peer, value);
        }
        else if (HasValue(line, ConfKeys.PublicKey, out value))
        {
            _values.SetPublicKey(_peer, value);
        }
        else if (HasValue(line, ConfKeys.AllowedIps, out value))
        {
            _values.AddAllowedIps(_peer, value);
        }
        else if (HasValue(line, ConfKeys.PersistentKeepalive, out value))
        {
            _peer.PersistentKeepaliveSeconds = _values.Keepalive(value);
        }
        else if (HasValue(line, ConfKeys.PresharedKey, out value))
        {
            _values.SetPresharedKey(_peer, value);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Whether the line is a key, '=' and at least one character: a key without a value is no key to stock.</summary>
    private bool HasValue(ReadOnlySpan<char> line, string key, out ReadOnlySpan<char> value)
    {
        value = default;
        int length = key.Length + 1;
        if (line.Length <= length || line[key.Length] != '=' || !ConfKeys.Equal(line[..key.Length], key))
        {
            return false;
        }

        value = line[length..];
        _place.Key = key;
        return true;
    }

    private ConfigException Unrecognized(ReadOnlySpan<char> line)
    {
        string reason = (UnrecognizedLine.Of(line, out string? key), _isInterface || _peer is not null) switch
        {
            (UnrecognizedLineKind.Section, _) => $"{_place.Quote(line)} is no section; there are [Interface] and [Peer].",
            (UnrecognizedLineKind.NoValue, _) => "the key has no value; give it one, or leave the line out.",
            (UnrecognizedLineKind.Key, true) => KeySuggestion.For(key!, _isInterface),
            (UnrecognizedLineKind.Key, false) => "the key stands before any section; put [Interface] or [Peer] above it.",
            (UnrecognizedLineKind.Other, _) => "the line is neither a section nor a key with a value; correct it, or put '#' before it.",
            _ => throw new UnreachableException(),
        };
        _place.Key = key;
        return _place.Error(reason, $"Line unrecognized: `{line}'");
    }

    private void Finish()
    {
        _conf.Warnings = _place.Warnings;
        foreach (WgConfPeer peer in _conf.Peers)
        {
            if (peer.HasPublicKey || peer.IsPublicKeyWrong)
            {
                continue;
            }

            _place.Line = peer.Line;
            _place.Key = ConfKeys.PublicKey;
            ConfigException mistake =
                _place.Error("the peer has no public key; add one.", "A peer is missing a public key", "Invalid configuration\n");
            (_mistakes ?? Throw)(mistake);
        }
    }

    private static void Throw(ConfigException mistake) => throw mistake;
}
