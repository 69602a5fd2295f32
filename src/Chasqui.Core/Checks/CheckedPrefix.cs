using Chasqui.Core.Config;

namespace Chasqui.Core.Checks;

/// <summary>An allowed prefix with its place.</summary>
internal readonly record struct CheckedPrefix(QuickAddress Written, int Line);
