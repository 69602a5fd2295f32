namespace Chasqui.Linux.Icmp;

/// <summary>What an echo request came to.</summary>
public enum EchoAnswerKind
{
    /// <summary>Its answer.</summary>
    Reply,

    /// <summary>Somebody on the way, or this machine's own end of the tunnel, could not hand it on: ICMP type 3, ICMPv6 type 1.</summary>
    Unreachable,

    /// <summary>It was too long for somebody on the way: ICMP type 3 code 4, ICMPv6 type 2.</summary>
    TooBig,

    /// <summary>It went through too many hands: ICMP type 11, ICMPv6 type 3.</summary>
    TimeExceeded,
}
