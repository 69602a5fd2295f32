using System.Globalization;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Config.Provision;

/// <summary>An interface to write a first file for.</summary>
/// <remarks>Ownership: borrows the private key.</remarks>
public sealed record NewHub
{
    /// <summary>The private key.</summary>
    public required PrivateKey PrivateKey { get; init; }

    /// <summary>The UDP port.</summary>
    public required ushort ListenPort { get; init; }

    /// <summary>The interface's addresses.</summary>
    public required IReadOnlyList<QuickAddress> Addresses { get; init; }

    /// <summary>The interface's MTU in bytes; null for the automatic one.</summary>
    public int? Mtu { get; init; }

    /// <summary>What clients are told.</summary>
    public ClientSettings Settings { get; init; } = new();

    /// <summary>The file.</summary>
    /// <remarks>Its text holds the private key.</remarks>
    public ConfDocument ToDocument()
    {
        ConfDocument document = ConfDocument.Parse("");
        ConfSection section = document.AddInterface();
        section.Set(ConfKeys.Address, string.Join(", ", Addresses));
        section.Set(ConfKeys.ListenPort, ListenPort.ToString(CultureInfo.InvariantCulture));
        section.Set(ConfKeys.PrivateKey, KeyText.ToBase64(PrivateKey.DangerousSpan));
        if (Mtu is { } mtu)
        {
            section.Set(ConfKeys.Mtu, mtu.ToString(CultureInfo.InvariantCulture));
        }

        Settings.WriteTo(section);
        return document;
    }
}
