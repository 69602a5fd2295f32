using System.Globalization;
using System.Security.Cryptography;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Processes;

namespace Chasqui.Quick;

/// <summary>Writes the running state into an interface's file, as <c>wg-quick save</c> does, and keeps all else that is in it.</summary>
/// <remarks>
/// Comments, order, unknown keys, names and host names of endpoints stay, and so do values that say what runs in other words. The file
/// changes whole or not at all, with its owner and permissions.
/// </remarks>
public static class QuickSave
{
    /// <summary>Saves the interface of a file.</summary>
    /// <exception cref="QuickException">It is not up, or the file cannot be written.</exception>
    public static void Run(QuickFile file, QuickOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        using DeviceSnapshot device = QuickDown.ReadRunning(file.InterfaceName);
        options.Log.WriteLine($"[#] wg showconf {file.InterfaceName} > {file.Path}");
        using Rtnetlink rtnetlink = Rtnetlink.Open();
        if (!rtnetlink.TryGetLink(file.InterfaceName, out LinkInfo link))
        {
            throw new QuickException($"`{file.InterfaceName}' is not in this network namespace");
        }

        ConfDocument document = ConfDocument.Parse(file.Text);
        ConfSection section = document.AddInterface();
        UpdateAddresses(section, file.Addresses, rtnetlink.GetAddresses(link.Index));
        if (file.Mtu is not null && file.Mtu != link.Mtu)
        {
            section.Set(ConfKeys.Mtu, link.Mtu.ToString(CultureInfo.InvariantCulture));
        }

        UpdateInterface(section, device);
        UpdatePeers(document, device);
        Replace(file.Path, document.ToString());
    }

    private static void UpdateAddresses(ConfSection section, IReadOnlyList<QuickAddress> written, IReadOnlyList<AddressInfo> running)
    {
        // The kernel makes the link-local one itself, and stock saves it: only what somebody gave belongs into the file.
        string[] now = [.. running.Where(static address => !address.Address.IsIPv6LinkLocal).Select(static address => address.ToString())];
        HashSet<string> before = [.. written.Select(static address => address.ToString())];
        if (before.SetEquals(now))
        {
            return;
        }

        _ = section.Remove(ConfKeys.Address);
        foreach (string address in now)
        {
            section.Add(ConfKeys.Address, address);
        }
    }

    private static void UpdateInterface(ConfSection section, DeviceSnapshot device)
    {
        if (device.PrivateKey is { IsZero: false } key)
        {
            Update(section, ConfKeys.PrivateKey, KeyText.ToBase64(key.DangerousSpan));
        }
        else
        {
            _ = section.Remove(ConfKeys.PrivateKey);
        }

        Update(section, ConfKeys.ListenPort, device.ListenPort == 0 ? null : device.ListenPort.ToString(CultureInfo.InvariantCulture));
        bool isSame = ReadMark(section.Get(ConfKeys.FwMark)) == device.FwMark;
        if (!isSame)
        {
            Update(section, ConfKeys.FwMark, device.FwMark == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"0x{device.FwMark:x}"));
        }
    }

    /// <summary>Brings the peers of a document to those that run.</summary>
    internal static void UpdatePeers(ConfDocument document, DeviceSnapshot device)
    {
        HashSet<PublicKey> running = [.. device.Peers.Select(static peer => peer.PublicKey)];
        foreach (ConfSection section in document.Peers.ToArray())
        {
            if (!section.TryGetPublicKey(out PublicKey key) || !running.Contains(key))
            {
                _ = document.Remove(section);
            }
        }

        foreach (PeerSnapshot peer in device.Peers)
        {
            ConfSection section = document.FindPeer(peer.PublicKey.ToString()) ?? document.AddPeer(peer.PublicKey, null);
            UpdatePeer(section, peer);
        }
    }

    private static void UpdatePeer(ConfSection section, PeerSnapshot peer)
    {
        Update(section, ConfKeys.PresharedKey, peer.PresharedKey is { IsZero: false } key ? KeyText.ToBase64(key.DangerousSpan) : null);
        UpdateAllowedIps(section, peer.AllowedIps);
        string? endpoint = section.Get(ConfKeys.Endpoint);
        bool isName = endpoint is not null && !IpEndpoint.TryParse(endpoint, out _);
        if (!peer.Endpoint.IsNone && !isName)
        {
            Update(section, ConfKeys.Endpoint, peer.Endpoint.ToString());
        }

        if ((section.Get(ConfKeys.PersistentKeepalive) ?? "off") != "off" || peer.PersistentKeepaliveSeconds != 0)
        {
            string seconds = peer.PersistentKeepaliveSeconds.ToString(CultureInfo.InvariantCulture);
            Update(section, ConfKeys.PersistentKeepalive, peer.PersistentKeepaliveSeconds == 0 ? null : seconds);
        }
    }

    private static void UpdateAllowedIps(ConfSection section, IReadOnlyList<IpPrefix> running)
    {
        HashSet<IpPrefix> written = [];
        foreach (string word in section.GetAll(ConfKeys.AllowedIps).SelectMany(static value => value.Split(',')))
        {
            if (!IpPrefix.TryParse(word.Trim(), out IpPrefix prefix))
            {
                written = [];
                break;
            }

            _ = written.Add(prefix);
        }

        if (!written.SetEquals(running))
        {
            Update(section, ConfKeys.AllowedIps, running.Count == 0 ? null : string.Join(", ", running));
            _ = section.RemoveStaleFormula(running);
        }
    }

    /// <summary>Gives a key a value, or none; a value that is there already stays as it is written.</summary>
    private static void Update(ConfSection section, string key, string? value)
    {
        if (value is null)
        {
            _ = section.Remove(key);
        }
        else if (section.Get(key) != value)
        {
            section.Set(key, value);
        }
    }

    private static uint ReadMark(string? text)
    {
        bool isHex = text is not null && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint mark)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out mark);
        return isNumber ? mark : 0;
    }

    private static void Replace(string path, string text)
    {
        byte[] content = ConfEncoding.Encode(text);
        try
        {
            AtomicFile.Write(path, content);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new QuickException($"cannot write {path}: {exception.Message}", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
