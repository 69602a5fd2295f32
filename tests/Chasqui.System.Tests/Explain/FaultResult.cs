namespace Chasqui.System.Tests.Explain;

/// <summary>What was said of a fault on each end.</summary>
/// <param name="Left">The left end's report.</param>
/// <param name="Right">The right end's report.</param>
internal sealed record FaultResult(FaultVerdict Left, FaultVerdict Right)
{
    /// <summary>Makes a fault, tries, and asks both ends.</summary>
    public static FaultResult Of(Fault fault)
    {
        using var scene = new FaultScene();
        fault.Make(scene);
        if (fault.Provoke is { } provoke)
        {
            provoke(scene);
        }
        else
        {
            scene.Try(fault.Time);
        }

        Task<FaultVerdict> left = Task.Run(() => FaultVerdict.Of(scene.Left.Explain()));
        FaultVerdict right = FaultVerdict.Of(scene.Right.Explain());
        return new FaultResult(left.GetAwaiter().GetResult(), right);
    }

    /// <summary>What is not as it must be; null if nothing.</summary>
    public string? FindWrong(Fault fault)
    {
        string?[] wrong = [Left.FindWrong("left", fault.Left), Right.FindWrong("right", fault.Right)];
        return wrong.Any(words => words is not null) ? string.Join("; ", wrong.Where(words => words is not null)) : null;
    }
}
