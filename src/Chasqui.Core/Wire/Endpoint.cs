namespace Chasqui.Core.Wire;

/// <summary>A peer's place in the network as we learnt it: where it is, and which of our own addresses it spoke to.</summary>
/// <remarks>Source: the kernel's <c>struct endpoint</c>. Answers leave from <see cref="Source"/> so that a multi-homed host stays itself.</remarks>
/// <param name="Remote">The peer's address and port.</param>
/// <param name="Source">Our address that the peer spoke to; none lets the kernel choose.</param>
/// <param name="SourceInterface">Index of the interface it arrived on; 0 lets the kernel choose.</param>
public readonly record struct Endpoint(IpEndpoint Remote, IpAddress Source, int SourceInterface)
{
    /// <summary>Makes an endpoint whose source the kernel chooses.</summary>
    public Endpoint(IpEndpoint remote)
        : this(remote, default, 0)
    {
    }

    /// <summary>Whether this is no endpoint at all.</summary>
    public bool IsNone => Remote.IsNone;

    /// <summary>The same remote, with the source left to the kernel.</summary>
    public Endpoint WithoutSource() => new(Remote);
}
