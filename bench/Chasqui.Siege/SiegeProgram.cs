using Chasqui.Compare;
using Chasqui.Siege.Flood;
using Chasqui.Siege.Soak;

namespace Chasqui.Siege;

/// <summary>The commands of the program.</summary>
internal static class SiegeProgram
{
    private static int Main(string[] args)
    {
        try
        {
            return Attacker.TryRun(args) ?? args switch
            {
                ["flood", .. var rest] => FloodCommand.Run(FloodOptions.Parse(rest)),
                ["soak", .. var rest] => SoakCommand.Run(SoakOptions.Parse(rest)),
                _ => throw new LabException("say soak or flood: see ./build.sh --help"),
            };
        }
        catch (LabException failure)
        {
            Console.Error.WriteLine($"{(args.Length > 0 ? args[0] : "siege")}: {failure.Message}");
            return 1;
        }
    }
}
