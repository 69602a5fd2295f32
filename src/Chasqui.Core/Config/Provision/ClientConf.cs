using System.Globalization;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Config.Provision;

/// <summary>The far end's file: what <c>wg-quick</c> there and the official apps read.</summary>
/// <remarks>Ownership: borrows the keys; the text holds them.</remarks>
public sealed record ClientConf
{
    /// <summary>What stands for a private key that was made on the device. Stock tools refuse it, so that nobody forgets it.</summary>
    public const string KeyPlaceholder = "<the private key that was made on this device>";

    /// <summary>The client's name.</summary>
    public required string? Name { get; init; }

    /// <summary>The client's private key; null if only the client has it.</summary>
    public required PrivateKey? PrivateKey { get; init; }

    /// <summary>The client's addresses.</summary>
    public required IReadOnlyList<QuickAddress> Addresses { get; init; }

    /// <summary>The hub's public key.</summary>
    public required PublicKey HubPublicKey { get; init; }

    /// <summary>The preshared key, or null for none.</summary>
    public required PresharedKey? PresharedKey { get; init; }

    /// <summary>What the client is told of the hub.</summary>
    public required ClientSettings Settings { get; init; }

    /// <summary>The file.</summary>
    /// <exception cref="ConfigException">The settings leave nothing to send through the tunnel.</exception>
    public ConfDocument ToDocument()
    {
        ConfDocument document = ConfDocument.Parse("");
        WriteInterface(document.AddInterface());
        ConfSection peer = document.AddPeer(HubPublicKey, null);
        if (PresharedKey is not null)
        {
            peer.Set(ConfKeys.PresharedKey, KeyText.ToBase64(PresharedKey.DangerousSpan));
        }

        if (Settings.AllowedIps is { } allowedIps)
        {
            peer.SetAllowedIps(allowedIps);
        }

        if (Settings.Endpoint is { } endpoint)
        {
            peer.Set(ConfKeys.Endpoint, endpoint);
        }

        if (Settings.PersistentKeepaliveSeconds is > 0 and { } seconds)
        {
            peer.Set(ConfKeys.PersistentKeepalive, seconds.ToString(CultureInfo.InvariantCulture));
        }

        return document;
    }

    private void WriteInterface(ConfSection section)
    {
        section.Set(ConfKeys.PrivateKey, PrivateKey is null ? KeyPlaceholder : KeyText.ToBase64(PrivateKey.DangerousSpan));
        section.Set(ConfKeys.Address, string.Join(", ", Addresses));
        if (Settings.Dns is { } dns)
        {
            section.Set(ConfKeys.Dns, dns);
        }

        if (Settings.Mtu is { } mtu)
        {
            section.Set(ConfKeys.Mtu, mtu.ToString(CultureInfo.InvariantCulture));
        }

        section.SetNote(ConfSection.NameLabel, Name);
    }
}
