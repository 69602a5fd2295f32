using Chasqui.Cli.Commands.Wg;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Device;

namespace Chasqui.Cli.Commands.Peers;

/// <summary>The keys of a peer that <c>peer add</c> and <c>peer rotate</c> make or are given.</summary>
internal static class PeerKeys
{
    /// <summary>The option for a key that was made elsewhere.</summary>
    internal const string PublicKeyOption = "--public-key";

    private const string NoPsk = "--no-psk";
    private const string PskFile = "--psk-file";

    /// <summary>The options.</summary>
    internal static Option[] Declared { get; } =
    [
        new(PublicKeyOption, "KEY", "The public key that was made on the device; its private key stays there"),
        new(NoPsk, null, "No preshared key"),
        new(PskFile, "FILE", "The file of a preshared key, instead of a new one"),
    ];

    /// <summary>The public key that was given; null if one is to be made.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    internal static PublicKey? ReadPublicKey(OptionValues values) => values.Read<PublicKey?>(PublicKeyOption, static text =>
    {
        Span<byte> key = stackalloc byte[PublicKey.Length];
        return KeyText.TryParseBase64(text, key) && new PublicKey(key) is { IsZero: false } read
            ? read
            : throw new ConfigException($"{ConfigException.Quote(text)} is no public key; give the 44 characters of base64 that the device shows.");
    });

    /// <summary>The preshared key: from a file, or new; null if there is to be none. The caller disposes of it.</summary>
    /// <param name="values">What was given.</param>
    /// <param name="isWanted">Whether there is to be one where nothing is said.</param>
    /// <exception cref="ConfigException">The file holds none.</exception>
    internal static PresharedKey? ReadPresharedKey(OptionValues values, bool isWanted)
    {
        if (values.Has(NoPsk))
        {
            return !values.Has(PskFile) ? null : throw new ConfigException($"{NoPsk} and {PskFile} exclude each other; leave one out.");
        }

        if (values.Has(PskFile))
        {
            return values.Read(PskFile, ReadFile);
        }

        return isWanted ? Generate() : null;
    }

    private static PresharedKey Generate()
    {
        Span<byte> bytes = stackalloc byte[PresharedKey.Length];
        new SystemEntropy().Fill(bytes);
        try
        {
            return new PresharedKey(bytes);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static PresharedKey ReadFile(string path)
    {
        // The reader of "wg set", with any peer around the file's name.
        string anyKey = new string('A', KeyText.Base64Length - 1) + "=";
        WgConf conf = CommandLineConf.Parse(["peer", anyKey, "preshared-key", path], ConfInput.ReadKeyFile, new WgConfOptions());
        return conf.Peers[0].PresharedKey is { IsZero: false } key
            ? key
            : throw new ConfigException(
                null, 0, PskFile, $"{ConfigException.Quote(path)} is empty; `chasqui genpsk' makes a key, and {NoPsk} does without.");
    }
}
