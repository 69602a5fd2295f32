namespace Chasqui.Fuzz.Engine;

/// <summary>An input and what it broke.</summary>
internal sealed record FuzzFinding(byte[] Input, Exception Exception)
{
    private const int MaxTrials = 20_000;

    /// <summary>Runs one input.</summary>
    /// <returns>What it broke, or null.</returns>
    internal static FuzzFinding? Of(IFuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Exception exception) // whatever a parser throws is the finding
        {
            return new FuzzFinding(input, exception);
        }
    }

    /// <summary>Removes what is not needed to break the same thing.</summary>
    internal FuzzFinding Minimized(IFuzzTarget target)
    {
        FuzzFinding best = this;
        int trials = 0;
        for (int run = Math.Max(1, Input.Length / 2); run > 0; run /= 2)
        {
            for (int at = 0; at < best.Input.Length && trials < MaxTrials; trials++)
            {
                byte[] shorter = [.. best.Input[..at], .. best.Input[Math.Min(at + run, best.Input.Length)..]];
                FuzzFinding? finding = Of(target, shorter);
                if (finding is not null && finding.Exception.GetType() == Exception.GetType()
                    && finding.Exception.TargetSite == Exception.TargetSite)
                {
                    best = finding;
                }
                else
                {
                    at += run;
                }
            }
        }

        return best;
    }
}
