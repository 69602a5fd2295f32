using System.Diagnostics;

namespace Chasqui.Tests.Cli.Qr;

/// <summary>An independent reader of QR codes: Debian's zbar-tools.</summary>
internal static class QrReader
{
    internal static void SkipUnlessHere(params string[] programs)
    {
        foreach (string program in programs)
        {
            Assert.SkipUnless(File.Exists("/usr/bin/" + program), $"needs {program} (Debian: zbar-tools, librsvg2-bin)");
        }
    }

    /// <summary>The text of the one QR code in a picture.</summary>
    internal static string Read(string path)
    {
        string text = Run("/usr/bin/zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", path);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1];
    }

    internal static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {error.GetAwaiter().GetResult()}");
        return output;
    }

    /// <summary>Draws what a terminal shows of half blocks in the two colours of the escape sequence, as a picture of grey values.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="path">The picture, in PGM.</param>
    /// <param name="background">The grey of the terminal around it.</param>
    internal static void Draw(string text, string path, byte background)
    {
        const int Scale = 4, Border = 6;
        string[] lines = text.TrimEnd('\n').Split('\n');
        int width = (lines.Max(static line => Cells(line).Length) + (2 * Border)) * Scale, height = (2 * lines.Length + (2 * Border)) * Scale;
        byte[] pixels = new byte[width * height];
        Array.Fill(pixels, background);
        for (int y = 0; y < 2 * lines.Length; y++)
        {
            string cells = Cells(lines[y / 2]);
            for (int x = 0; x < cells.Length; x++)
            {
                bool isDark = cells[x] switch { '█' => true, '▀' => y % 2 == 0, '▄' => y % 2 == 1, ' ' => false, var c => throw new FormatException($"U+{(int)c:X4}") };
                for (int row = 0; row < Scale; row++)
                {
                    int start = ((((y + Border) * Scale) + row) * width) + ((x + Border) * Scale);
                    Array.Fill(pixels, isDark ? (byte)0 : (byte)255, start, Scale);
                }
            }
        }

        using FileStream file = File.Create(path);
        file.Write(System.Text.Encoding.ASCII.GetBytes($"P5 {width} {height} 255\n"));
        file.Write(pixels);
    }

    /// <summary>The characters between the colours' beginning and their end.</summary>
    private static string Cells(string line)
    {
        const string Begin = "\e[38;5;16;48;5;231m", End = "\e[0m";
        Assert.StartsWith(Begin, line, StringComparison.Ordinal);
        Assert.EndsWith(End, line, StringComparison.Ordinal);
        return line[Begin.Length..^End.Length];
    }
}
