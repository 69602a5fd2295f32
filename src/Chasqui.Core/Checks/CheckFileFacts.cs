namespace Chasqui.Core.Checks;

/// <summary>What the file system says of a file, for those who may not ask it.</summary>
/// <param name="IsWorldReadable">Whether others than its owner and group get at it: folder and file let them.</param>
/// <param name="IsOnlyRoots">Whether nobody but root can change it or put another one in its place.</param>
public readonly record struct CheckFileFacts(bool IsWorldReadable, bool IsOnlyRoots);
