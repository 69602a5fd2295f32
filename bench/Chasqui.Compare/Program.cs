using Chasqui.Compare;

try
{
    return Bench.Run(Options.Parse(args));
}
catch (LabException failure)
{
    Console.Error.WriteLine($"bench: {failure.Message}");
    return 1;
}
