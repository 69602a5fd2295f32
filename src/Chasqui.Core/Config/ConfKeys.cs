using System.Text;

namespace Chasqui.Core.Config;

/// <summary>The keys of configuration files, as their manuals spell them.</summary>
/// <remarks>Source: wg(8), wg-quick(8). Keys are read in either case.</remarks>
public static class ConfKeys
{
    /// <summary>The private key of an interface.</summary>
    public const string PrivateKey = "PrivateKey";

    /// <summary>The UDP port of an interface.</summary>
    public const string ListenPort = "ListenPort";

    /// <summary>The mark of outgoing datagrams.</summary>
    public const string FwMark = "FwMark";

    /// <summary>A peer's public key.</summary>
    public const string PublicKey = "PublicKey";

    /// <summary>A peer's preshared key.</summary>
    public const string PresharedKey = "PresharedKey";

    /// <summary>A peer's allowed addresses.</summary>
    public const string AllowedIps = "AllowedIPs";

    /// <summary>A peer's endpoint.</summary>
    public const string Endpoint = "Endpoint";

    /// <summary>A peer's interval of keepalives.</summary>
    public const string PersistentKeepalive = "PersistentKeepalive";

    /// <summary>Addresses of the interface (wg-quick).</summary>
    public const string Address = "Address";

    /// <summary>Name servers and search domains (wg-quick).</summary>
    public const string Dns = "DNS";

    /// <summary>The interface's MTU (wg-quick).</summary>
    public const string Mtu = "MTU";

    /// <summary>The routing table (wg-quick).</summary>
    public const string Table = "Table";

    /// <summary>A command before the interface is configured (wg-quick).</summary>
    public const string PreUp = "PreUp";

    /// <summary>A command after the interface is up (wg-quick).</summary>
    public const string PostUp = "PostUp";

    /// <summary>A command before the interface goes down (wg-quick).</summary>
    public const string PreDown = "PreDown";

    /// <summary>A command after the interface is gone (wg-quick).</summary>
    public const string PostDown = "PostDown";

    /// <summary>Whether the state is saved on the way down (wg-quick).</summary>
    public const string SaveConfig = "SaveConfig";

    /// <summary>All keys that <c>wg</c> knows in an interface's section.</summary>
    public static IReadOnlyList<string> OfInterface { get; } = [PrivateKey, ListenPort, FwMark];

    /// <summary>All keys that <c>wg</c> knows in a peer's section.</summary>
    public static IReadOnlyList<string> OfPeer { get; } = [PublicKey, PresharedKey, AllowedIps, Endpoint, PersistentKeepalive];

    /// <summary>The keys that <c>wg-quick</c> adds to an interface's section.</summary>
    public static IReadOnlyList<string> OfQuick { get; } =
        [Address, Dns, Mtu, Table, PreUp, PostUp, PreDown, PostDown, SaveConfig];

    /// <summary>Whether two spellings are the same key: ASCII letters in either case, nothing else folded.</summary>
    public static bool Equal(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => Ascii.EqualsIgnoreCase(left, right);

    /// <summary>Whether the key's values are shell commands, in which '#' is no comment.</summary>
    public static bool IsHook(ReadOnlySpan<char> key) =>
        Equal(key, PreUp) || Equal(key, PostUp) || Equal(key, PreDown) || Equal(key, PostDown);

    /// <summary>Whether a stock tool knows the key, in whatever section.</summary>
    internal static bool IsKnown(ReadOnlySpan<char> key) => Has(OfInterface, key) || Has(OfPeer, key) || Has(OfQuick, key);

    private static bool Has(IReadOnlyList<string> keys, ReadOnlySpan<char> key)
    {
        foreach (string known in keys)
        {
            if (Equal(known, key))
            {
                return true;
            }
        }

        return false;
    }
}
