namespace Chasqui.Core.Routing;

/// <summary>A slot's neighbours in its owner's list, IPv4 and IPv6 in one list.</summary>
internal struct AllowedIpLink
{
    internal AllowedIpReference Previous;
    internal AllowedIpReference Next;
}
