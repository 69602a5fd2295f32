using System.Buffers;
using System.Globalization;
using System.Text;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>Writes a device as <c>wg showconf</c> prints it, byte for byte.</summary>
/// <remarks>Ownership: the output holds secrets; the caller zeroes it after use. Source: wireguard-tools showconf.c.</remarks>
public static class WgConfWriter
{
    /// <summary>Writes the device's configuration.</summary>
    /// <param name="device">The device.</param>
    /// <param name="interfaceName">The name of an interface by its index, or null, for link-local endpoints; null for numbers.</param>
    /// <param name="output">Takes the text.</param>
    public static void Write(DeviceSnapshot device, Func<uint, string?>? interfaceName, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(output);
        output.Write("[Interface]\n"u8);
        WriteNumber(output, "ListenPort = "u8, device.ListenPort);
        if (device.FwMark != 0)
        {
            WriteText(output, string.Create(CultureInfo.InvariantCulture, $"FwMark = 0x{device.FwMark:x}\n"));
        }

        if (device.PrivateKey is { IsZero: false } key)
        {
            WriteKey(output, "PrivateKey = "u8, key.DangerousSpan);
        }

        output.Write("\n"u8);
        for (int i = 0; i < device.Peers.Count; i++)
        {
            output.Write(i > 0 ? "\n"u8 : default);
            WritePeer(device.Peers[i], interfaceName, output);
        }
    }

    private static void WritePeer(PeerSnapshot peer, Func<uint, string?>? interfaceName, IBufferWriter<byte> output)
    {
        output.Write("[Peer]\n"u8);
        PublicKey publicKey = peer.PublicKey;
        WriteKey(output, "PublicKey = "u8, publicKey.AsSpan());
        if (peer.PresharedKey is { IsZero: false } presharedKey)
        {
            WriteKey(output, "PresharedKey = "u8, presharedKey.DangerousSpan);
        }

        for (int i = 0; i < peer.AllowedIps.Count; i++)
        {
            output.Write(i == 0 ? "AllowedIPs = "u8 : ", "u8);
            WriteText(output, peer.AllowedIps[i].ToString());
        }

        output.Write(peer.AllowedIps.Count > 0 ? "\n"u8 : default);
        if (!peer.Endpoint.IsNone)
        {
            WriteText(output, $"Endpoint = {EndpointText(peer.Endpoint, interfaceName)}\n");
        }

        WriteNumber(output, "PersistentKeepalive = "u8, peer.PersistentKeepaliveSeconds);
    }

    /// <summary>The endpoint as getnameinfo(3) gives it: a scope by its interface's name where that is known.</summary>
    private static string EndpointText(IpEndpoint endpoint, Func<uint, string?>? interfaceName)
    {
        string? scope = endpoint.ScopeId == 0 ? null : interfaceName?.Invoke(endpoint.ScopeId);
        return scope is null
            ? endpoint.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"[{endpoint.Address}%{scope}]:{endpoint.Port}");
    }

    /// <summary>Writes a line with a number that is not zero.</summary>
    private static void WriteNumber(IBufferWriter<byte> output, ReadOnlySpan<byte> key, ushort number)
    {
        if (number != 0)
        {
            output.Write(key);
            WriteText(output, string.Create(CultureInfo.InvariantCulture, $"{number}\n"));
        }
    }

    private static void WriteKey(IBufferWriter<byte> output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes)
    {
        output.Write(key);
        Span<char> text = stackalloc char[KeyText.Base64Length];
        KeyText.ToBase64(bytes, text);
        output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
        text.Clear();
        output.Write("\n"u8);
    }

    private static void WriteText(IBufferWriter<byte> output, string text) =>
        output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
}
