namespace Chasqui.Core.Config.Check;

/// <summary>An allowed prefix with its place.</summary>
internal readonly record struct CheckedPrefix(QuickAddress Written, int Line);
