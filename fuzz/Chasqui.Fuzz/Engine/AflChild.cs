using SharpFuzz;

namespace Chasqui.Fuzz.Engine;

/// <summary>A target under AFL++: afl-fuzz gives the inputs and reads the branches, by SharpFuzz's fork server.</summary>
internal static class AflChild
{
    /// <summary>Runs until afl-fuzz ends it. An exception is what AFL calls a crash.</summary>
    internal static void Run(IFuzzTarget target) => Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        if (input.Length <= target.MaxLength)
        {
            target.Run(input.GetBuffer().AsSpan(0, (int)input.Length));
        }
    });
}
