namespace Chasqui.Core.Routing;

/// <summary>What an owner of allowed addresses (a peer) carries for the table, so that the table needs no map of owners.</summary>
internal interface IAllowedIpOwner
{
    /// <summary>The owner's list of prefixes; a field of the owner, default at first and touched by the table alone.</summary>
    ref AllowedIpList AllowedIpList { get; }
}
