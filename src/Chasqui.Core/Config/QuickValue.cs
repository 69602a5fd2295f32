namespace Chasqui.Core.Config;

/// <summary>A value of a <c>wg-quick</c> key.</summary>
/// <param name="Text">The value as <c>wg-quick</c> sees it.</param>
/// <param name="Line">Its line, from 1.</param>
public readonly record struct QuickValue(string Text, int Line)
{
    /// <summary>The value.</summary>
    public override string ToString() => Text;
}
