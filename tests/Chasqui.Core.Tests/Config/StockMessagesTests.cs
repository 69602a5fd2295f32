using System.Text;
using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

/// <summary>Hundreds of files and command lines with mistakes, handed to stock <c>wg</c> and to us: the same bytes on standard error.</summary>
/// <remarks>Stock reads its input before it looks for the interface, which does not exist.</remarks>
public sealed class StockMessagesTests
{
    private const int Files = 400;
    private const int CommandLines = 300;
    private const string NoInterface = "Unable to modify interface: ";

    [Fact]
    public void FilesAreRefusedInTheSameWords()
    {
        Assert.SkipUnless(StockWg.IsHere, "There is no stock wg.");
        string path = Path.GetTempFileName();
        int refused = 0;
        try
        {
            for (int seed = 0; seed < Files; seed++)
            {
                byte[] file = new ConfTextSource(seed, StockWg.IsOf2026).NextFile(isValid: false);
                File.WriteAllBytes(path, file);
                StockAnswer stock = StockWg.Run("setconf", "nonexist0", path);

                bool isTaken = Read(options => WgConf.Parse(file, options), out string ours);

                Compare(stock, isTaken, ours, $"seed {seed}:\n{Encoding.UTF8.GetString(file)}");
                refused += isTaken ? 0 : 1;
            }
        }
        finally
        {
            File.Delete(path);
        }

        Assert.InRange(refused, Files / 4, Files * 7 / 8);
    }

    [Fact]
    public void CommandLinesAreRefusedInTheSameWords()
    {
        Assert.SkipUnless(StockWg.IsHere, "There is no stock wg.");
        using var files = new KeyFiles();
        int refused = 0;
        for (int seed = 0; seed < CommandLines; seed++)
        {
            string[] words = files.NextWords(new Random(seed), new ConfTextSource(seed, StockWg.IsOf2026));
            StockAnswer stock = StockWg.Run(["set", "nonexist0", .. words]);

            bool isTaken = Read(options => CommandLineConf.Parse(words, KeyFiles.Read, options), out string ours);

            Compare(stock, isTaken, ours, $"seed {seed}: {string.Join(' ', words)}");
            refused += isTaken ? 0 : 1;
        }

        Assert.InRange(refused, CommandLines / 4, CommandLines * 7 / 8);
    }

    private static bool Read(Func<WgConfOptions, WgConf> read, out string output)
    {
        var text = new StringBuilder();
        WgConfOptions options = StockWg.Options() with { Warn = warning => text.Append(Encoding.Latin1.GetString(warning.StockOutput.Span)) };
        try
        {
            read(options).Dispose();
            return true;
        }
        catch (ConfigException e)
        {
            text.Append(Encoding.Latin1.GetString(e.StockOutput.Span));
            return false;
        }
        finally
        {
            output = text.ToString();
        }
    }

    private static void Compare(StockAnswer stock, bool isTaken, string ours, string input)
    {
        string theirs = Encoding.Latin1.GetString(stock.Error);
        int end = theirs.IndexOf(NoInterface, StringComparison.Ordinal);

        Assert.True(stock.ExitCode == 1, input);
        Assert.True(isTaken == (end >= 0), $"{input}\nstock: {theirs}\nours: {ours}");
        Assert.True(ours == (end < 0 ? theirs : theirs[..end]), $"{input}\nstock: {theirs}\nours: {ours}");
    }
}
