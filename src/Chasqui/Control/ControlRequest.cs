using Chasqui.Core.Config;

namespace Chasqui.Control;

/// <summary>What a client of our own control socket wants.</summary>
internal sealed class ControlRequest
{
    /// <summary>One of the verbs of <see cref="ControlProtocol"/>; empty if there is a failure.</summary>
    internal string Verb { get; init; } = "";

    /// <summary>Of <c>events</c>: the first event's number; null for the oldest that is left, or, if it follows, for the next to come.</summary>
    internal long? From { get; init; }

    /// <summary>Of <c>events</c>: whether those that are still to come are told too.</summary>
    internal bool IsFollowing { get; init; }

    /// <summary>Of <c>set</c>: what to change. Never has a secret.</summary>
    internal DeviceChange? Change { get; init; }

    /// <summary>Why the request cannot be done.</summary>
    internal ControlFailure? Failure { get; init; }
}
