using System.Text;

namespace Chasqui.Core.Config;

/// <summary>Reads the words of <c>wg set INTERFACE …</c>, exactly as stock does.</summary>
/// <remarks>
/// Words are case-sensitive. Values keep their white space, but for that of allowed addresses. What counts for the device comes before the
/// first peer. Source: wg(8); wireguard-tools config.c.
/// </remarks>
public static class CommandLineConf
{
    /// <summary>Reads the words after the interface's name.</summary>
    /// <param name="words">The words.</param>
    /// <param name="keyFiles">Reads the files of private and preshared keys.</param>
    /// <param name="options">As for a file; the file's name does not count.</param>
    /// <returns>A configuration for <see cref="WgConf.ToAddChange"/>.</returns>
    /// <exception cref="ConfigException">Stock refuses the words.</exception>
    public static WgConf Parse(ReadOnlySpan<string> words, KeyFileReader keyFiles, WgConfOptions options)
    {
        ArgumentNullException.ThrowIfNull(keyFiles);
        ArgumentNullException.ThrowIfNull(options);
        var conf = new WgConf();
        var place = new ConfPlace(options with { File = null }, isBytes: true, "");
        var values = new WgValueReader(place);
        try
        {
            WgConfPeer? peer = null;
            while (!words.IsEmpty)
            {
                place.Key = words[0];
                words = words[Take(words, conf, ref peer, values, new KeyFile(place, keyFiles))..];
            }

            conf.Warnings = place.Warnings;
            return conf;
        }
        catch
        {
            conf.Dispose();
            throw;
        }
    }

    /// <summary>Takes a word, with the value it needs.</summary>
    /// <returns>The number of words taken.</returns>
    private static int Take(ReadOnlySpan<string> words, WgConf conf, ref WgConfPeer? peer, WgValueReader values, KeyFile keys)
    {
        string? value = words.Length > 1 ? words[1] : null;
        switch (words[0])
        {
            case "peer" when value is not null:
                peer = new WgConfPeer();
                conf.Add(peer);
                values.SetPublicKey(peer, Bytes(value));
                return 2;
            case "remove" when peer is not null:
                peer.Remove = true;
                return 1;
            default:
                bool isTaken = value is not null && (peer is null
                    ? TakeDeviceWord(words[0], value, conf, values, keys)
                    : TakePeerWord(words[0], value, peer, values, keys));
                return isTaken ? 2 : throw Invalid(words[0], keys.Place);
        }
    }

    private static bool TakeDeviceWord(string word, string value, WgConf conf, WgValueReader values, KeyFile keys)
    {
        switch (word)
        {
            case "listen-port":
                conf.ListenPort = values.Port(Bytes(value));
                return true;
            case "fwmark":
                conf.FwMark = values.FwMark(Bytes(value));
                return true;
            case "private-key":
                keys.Read(value, text => values.SetPrivateKey(conf, text));
                return true;
            default:
                return false;
        }
    }

    private static bool TakePeerWord(string word, string value, WgConfPeer peer, WgValueReader values, KeyFile keys)
    {
        switch (word)
        {
            case "endpoint":
                values.SetEndpoint(peer, Bytes(value));
                return true;
            case "allowed-ips":
                values.AddAllowedIps(peer, ConfText.RemoveSpaces(Bytes(value)));
                return true;
            case "persistent-keepalive":
                peer.PersistentKeepaliveSeconds = values.Keepalive(Bytes(value));
                return true;
            case "preshared-key":
                keys.Read(value, text => values.SetPresharedKey(peer, text));
                return true;
            default:
                return false;
        }
    }

    private static ConfigException Invalid(string word, ConfPlace place)
    {
        place.Key = null;
        return place.Error(
            $"{ConfText.Quote(word)} is no word that can stand here, or its value is missing; see wg(8), set.",
            $"Invalid argument: {Bytes(word)}");
    }

    /// <summary>One character a byte: what stock sees, and what it echoes beside the bytes of a key file.</summary>
    private static string Bytes(string word) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(word));
}
