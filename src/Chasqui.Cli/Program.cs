using Chasqui.Cli;

return CommandLine.Run(Environment.GetCommandLineArgs()[0], args, Terminal.System);
