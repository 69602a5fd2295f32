using Chasqui.Compare;
using Chasqui.Compare.Inside;

try
{
    return InsideProgram.TryRun(args) ?? Bench.Run(Options.Parse(args));
}
catch (LabException failure)
{
    Console.Error.WriteLine($"bench: {failure.Message}");
    return 1;
}
