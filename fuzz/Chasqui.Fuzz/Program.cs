using Chasqui.Fuzz;
using Chasqui.Fuzz.Engine;

// Before the first use of anything instrumented, whose branches are counted from then on.
Coverage.Attach();
return CommandLine.Run(args);
