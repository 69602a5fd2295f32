using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Chasqui.Control;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Cli.Commands.Wg;

/// <summary>Output being put together as UTF-8: it may hold keys, so it is zeroed when it has been written.</summary>
internal sealed class WgText : IDisposable
{
    private const int MaxNumberLength = 20;
    private const int MaxAddressLength = 45;

    private readonly SecretBuffer _buffer = new();

    /// <summary>What has been put together.</summary>
    internal ReadOnlySpan<byte> WrittenSpan => _buffer.WrittenSpan;

    /// <summary>Zeroes the text.</summary>
    public void Dispose() => _buffer.Dispose();

    internal WgText Append(ReadOnlySpan<byte> utf8)
    {
        _buffer.Write(utf8);
        return this;
    }

    internal WgText Append(string text)
    {
        int length = Encoding.UTF8.GetBytes(text, _buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        _buffer.Advance(length);
        return this;
    }

    internal WgText Append(ulong number)
    {
        _ = Utf8Formatter.TryFormat(number, _buffer.GetSpan(MaxNumberLength), out int length);
        _buffer.Advance(length);
        return this;
    }

    /// <summary>Appends <c>0x</c> and hexadecimal digits.</summary>
    internal WgText AppendHex(uint number)
    {
        _buffer.Write("0x"u8);
        _ = Utf8Formatter.TryFormat(number, _buffer.GetSpan(MaxNumberLength), out int length, 'x');
        _buffer.Advance(length);
        return this;
    }

    /// <summary>Appends a key in base64, in time that does not depend on it.</summary>
    internal WgText AppendKey(ReadOnlySpan<byte> key)
    {
        Span<char> text = stackalloc char[KeyText.Base64Length];
        KeyText.ToBase64(key, text);
        Span<byte> bytes = _buffer.GetSpan(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bytes[i] = (byte)text[i];
        }

        text.Clear();
        _buffer.Advance(text.Length);
        return this;
    }

    internal WgText AppendAddress(IpAddress address)
    {
        _buffer.Advance(address.WriteText(_buffer.GetSpan(MaxAddressLength)));
        return this;
    }

    internal WgText AppendPrefix(IpPrefix prefix) => AppendAddress(prefix.Address).Append("/"u8).Append(prefix.Length);

    /// <summary>Appends an endpoint as getnameinfo(3) writes numbers: the scope of a link-local address by the interface's name.</summary>
    internal WgText AppendEndpoint(IpEndpoint endpoint)
    {
        if (endpoint.Address.IsV4)
        {
            return AppendAddress(endpoint.Address).Append(":"u8).Append(endpoint.Port);
        }

        Append("["u8).AppendAddress(endpoint.Address);
        if (endpoint.ScopeId != 0)
        {
            AppendScope(endpoint);
        }

        return Append("]:"u8).Append(endpoint.Port);
    }

    private void AppendScope(IpEndpoint endpoint)
    {
        Append("%"u8);
        if (IsLinkLocal(endpoint.Address) && NetworkInterfaces.FindName(endpoint.ScopeId) is { } name)
        {
            Append(name);
        }
        else
        {
            Append(endpoint.ScopeId);
        }
    }

    // fe80::/10, and the multicast groups of that scope.
    private static bool IsLinkLocal(IpAddress address) =>
        address.High >> 54 == 0x3FA || (address.High & 0xFF0F_0000_0000_0000) == 0xFF02_0000_0000_0000;
}
