namespace Chasqui.Timing;

/// <summary>Something that touches secrets, and two classes of them that it must not tell apart.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Classes">The two classes, in words.</param>
/// <param name="Repeats">How often it runs for one measurement: what is faster than the clock needs more.</param>
/// <param name="Fill">Puts a secret of a class (random or not) into a slot.</param>
/// <param name="Run">Works with a slot's secret.</param>
/// <param name="IsControl">Whether it leaks on purpose, and has to be found out.</param>
internal sealed record Subject(string Name, string Classes, int Repeats, Action<int, bool> Fill, Action<int> Run, bool IsControl = false);
