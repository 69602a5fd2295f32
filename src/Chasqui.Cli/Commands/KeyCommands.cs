using System.Security.Cryptography;
using Chasqui.Cli.Commands.Wg;
using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Cli.Commands;

/// <summary><c>genkey</c>, <c>genpsk</c> and <c>pubkey</c>, byte-compatible with wg(8).</summary>
internal static class KeyCommands
{
    /// <summary>Writes a new private key.</summary>
    internal static int GenerateKey(Invocation invocation) => Generate(invocation, "genkey", isPrivate: true);

    /// <summary>Writes a new preshared key.</summary>
    internal static int GeneratePresharedKey(Invocation invocation) => Generate(invocation, "genpsk", isPrivate: false);

    /// <summary>Reads a private key and writes its public key.</summary>
    internal static int PublicKey(Invocation invocation)
    {
        if (invocation.Arguments.Count > 0)
        {
            return RefuseArguments(invocation, "pubkey");
        }

        Span<char> text = stackalloc char[KeyText.Base64Length];
        Span<byte> bytes = stackalloc byte[PrivateKey.Length];
        try
        {
            // As wg(8): what follows the key is looked at before the key.
            int length = invocation.Terminal.Input.ReadBlock(text);
            if (length == text.Length && HasMore(invocation.Terminal.Input))
            {
                return invocation.Fail("Trailing characters found after key", "standard input must hold one key and nothing else");
            }

            if (!KeyText.TryParseBase64(text[..length], bytes))
            {
                return invocation.Fail(
                    "Key is not the correct length or format",
                    $"standard input must hold {KeyText.Base64Length} characters of base64, as `{invocation.Program} genkey' writes them");
            }

            using var key = new PrivateKey(bytes);
            invocation.Terminal.Output.Write(key.DerivePublicKey().ToString() + "\n");
            return Invocation.Success;
        }
        finally
        {
            text.Clear();
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Whether anything follows but zero bytes and the white space of the C locale.</summary>
    private static bool HasMore(TextReader input)
    {
        for (int next = input.Read(); next >= 0; next = input.Read())
        {
            if (next is not (0 or ' ' or (>= '\t' and <= '\r')))
            {
                return true;
            }
        }

        return false;
    }

    private static int Generate(Invocation invocation, string name, bool isPrivate)
    {
        if (invocation.Arguments.Count > 0)
        {
            return RefuseArguments(invocation, name);
        }

        SecretOutput.Warn(invocation.Terminal);
        Span<byte> bytes = stackalloc byte[PrivateKey.Length];
        Span<char> text = stackalloc char[KeyText.Base64Length];
        RandomNumberGenerator.Fill(bytes);
        using PrivateKey? clamped = isPrivate ? new PrivateKey(bytes) : null;
        KeyText.ToBase64(clamped is null ? bytes : clamped.DangerousSpan, text);
        invocation.Terminal.Output.WriteLine(text);
        text.Clear();
        CryptographicOperations.ZeroMemory(bytes);
        return Invocation.Success;
    }

    private static int RefuseArguments(Invocation invocation, string name) => invocation.IsStock
        ? invocation.FailUsage(name)
        : invocation.Fail($"{ConfigException.Quote(invocation.Arguments[0])} is too much: {name} takes no arguments. Usage: {invocation.Program} {name}");
}
