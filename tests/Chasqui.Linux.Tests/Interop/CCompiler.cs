using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Chasqui.Linux.Tests.Interop;

/// <summary>Compiles and runs a C program that prints names and numbers.</summary>
internal static class CCompiler
{
    /// <summary>Runs a program.</summary>
    /// <returns>The number after each name that it printed, one pair a line.</returns>
    internal static Dictionary<string, long> Run(string source)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("chasqui");
        try
        {
            string program = Path.Combine(directory.FullName, "layout");
            File.WriteAllText(program + ".c", source);
            (int exitCode, string messages) = Execute("cc", ["-o", program, program + ".c"]);
            Assert.True(exitCode == 0, messages);
            (exitCode, string output) = Execute(program, []);
            Assert.Equal(0, exitCode);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
                line => line[..line.LastIndexOf(' ')],
                line => long.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static (int ExitCode, string Output) Execute(string program, string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            Task<string> messages = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + messages.Result);
        }
        catch (Win32Exception) when (program == "cc")
        {
            Assert.Skip("There is no C compiler to compare with.");
            return default;
        }
    }
}
