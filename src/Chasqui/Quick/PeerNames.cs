using System.Security.Cryptography;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Quick;

/// <summary>The names that an interface's file gives its peers (<c># Name = office</c>), by public key.</summary>
public static class PeerNames
{
    private static readonly Dictionary<PublicKey, string> None = [];

    /// <summary>Reads the names in an interface's file in <c>/etc/wireguard</c>.</summary>
    /// <returns>Printable names; none if there is no such file, or it is not ours to read.</returns>
    public static IReadOnlyDictionary<PublicKey, string> Of(string interfaceName)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(QuickConfName.PathOf(interfaceName));
            try
            {
                return Of(ConfDocument.Parse(bytes));
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return None;
        }
    }

    /// <summary>The names in a file; of two peers of one key the last one's.</summary>
    internal static IReadOnlyDictionary<PublicKey, string> Of(ConfDocument document)
    {
        Dictionary<PublicKey, string> names = [];
        foreach (ConfSection section in document.Peers)
        {
            if (section.Name is { } name && section.TryGetPublicKey(out PublicKey key))
            {
                names[key] = string.Concat(name.Where(static c => !char.IsControl(c))); // terminals obey some of those
            }
        }

        return names;
    }
}
