namespace Chasqui.System.Tests.Harness;

/// <summary>Something counted, and how far from the recorded count it may be.</summary>
/// <param name="Name">What was counted, and for what; its key among the recorded.</param>
/// <param name="Value">The count.</param>
/// <param name="MoreBy">The share by which it may be more.</param>
/// <param name="LessBy">The share by which it may be less: an improvement that is not recorded could be lost again unseen. 1 for any.</param>
internal sealed record Count(string Name, double Value, double MoreBy, double LessBy)
{
    /// <summary>The bounds in words.</summary>
    public string Bounds => LessBy < 1 ? $"-{LessBy:P0} to +{MoreBy:P0} allowed" : $"up to +{MoreBy:P0} allowed";

    /// <summary>Whether the count is near enough to the recorded one.</summary>
    public bool IsWithin(double recorded) => Value <= recorded * (1 + MoreBy) && Value >= recorded * (1 - LessBy);
}
