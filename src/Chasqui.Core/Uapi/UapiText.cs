using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Uapi;

/// <summary>Writes lines into a span that is long enough; keys go from their bytes straight into it.</summary>
internal ref struct UapiText(Span<byte> destination)
{
    /// <summary>The longest run of lines without prefixes: one peer's, 430 bytes and some, and 270 for a name.</summary>
    internal const int MaxPeerLength = 768;

    /// <summary>The longest line with a prefix.</summary>
    internal const int MaxAllowedIpLength = 64;

    private readonly Span<byte> _destination = destination;

    internal int Length { get; private set; }

    /// <summary>Writes <c>key=text</c>, or an empty line's end, or any other bytes of the protocol.</summary>
    internal void Append(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_destination[Length..]);
        Length += text.Length;
    }

    /// <summary>Writes a line with a number.</summary>
    internal void Number(scoped ReadOnlySpan<byte> key, ulong number)
    {
        Append(key);
        AppendNumber(number);
        Append("\n"u8);
    }

    /// <summary>Writes a line with a 32-byte key.</summary>
    internal void Key(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> bytes)
    {
        Append(key);
        KeyText.ToHex(bytes, _destination[Length..]);
        Length += KeyText.HexLength;
        Append("\n"u8);
    }

    internal void Endpoint(IpEndpoint endpoint)
    {
        Append(endpoint.Address.IsV6 ? "endpoint=["u8 : "endpoint="u8);
        AppendAddress(endpoint.Address);
        if (endpoint.ScopeId != 0)
        {
            Append("%"u8);
            AppendNumber(endpoint.ScopeId);
        }

        Append(endpoint.Address.IsV6 ? "]:"u8 : ":"u8);
        AppendNumber(endpoint.Port);
        Append("\n"u8);
    }

    internal void EndpointName(EndpointName name)
    {
        Append("endpoint_name="u8);
        Length += Encoding.ASCII.GetBytes(name.ToString(), _destination[Length..]);
        Append("\n"u8);
    }

    internal void AllowedIp(IpPrefix prefix, bool isRemoved)
    {
        Append(isRemoved ? "allowed_ip=-"u8 : "allowed_ip="u8);
        AppendAddress(prefix.Address);
        Append("/"u8);
        AppendNumber(prefix.Length);
        Append("\n"u8);
    }

    private void AppendNumber(ulong number)
    {
        bool isWritten = Utf8Formatter.TryFormat(number, _destination[Length..], out int length);
        Debug.Assert(isWritten);
        Length += length;
    }

    private void AppendAddress(IpAddress address) => Length += address.WriteText(_destination[Length..]);
}
