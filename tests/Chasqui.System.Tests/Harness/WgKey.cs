using System.Security.Cryptography;

namespace Chasqui.System.Tests.Harness;

/// <summary>A key pair in base64, made with the stock tool.</summary>
internal sealed record WgKey(string Private, string Public)
{
    public static WgKey Generate()
    {
        var secret = Command.Run("wg genkey").Text;
        return new WgKey(secret, PublicOf(secret));
    }

    public static string PublicOf(string secret) => Command.Run("wg pubkey", secret + "\n").Text;

    /// <summary>32 random bytes: a preshared key, or a public key that nobody has the secret of.</summary>
    public static string Random() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The key as the UAPI writes it.</summary>
    public static string Hex(string base64) => Convert.ToHexStringLower(Convert.FromBase64String(base64));

    public static string Base64(string hex) => Convert.ToBase64String(Convert.FromHexString(hex));
}
