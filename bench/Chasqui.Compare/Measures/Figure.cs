namespace Chasqui.Compare.Measures;

/// <summary>One measured value.</summary>
/// <param name="Quantity">What it is of.</param>
/// <param name="Value">In the quantity's unit.</param>
internal readonly record struct Figure(Quantity Quantity, double Value);
