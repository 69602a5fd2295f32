namespace Chasqui.Core.Uapi;

/// <summary>What came of looking for a line.</summary>
internal enum UapiLineStatus
{
    /// <summary>All bytes are taken in, and the line has not ended.</summary>
    Incomplete,

    /// <summary>There is a line.</summary>
    Complete,

    /// <summary>The line is longer than the limit.</summary>
    TooLong,
}
