using System.Text;
using Chasqui.Core.Checks;
using Chasqui.Core.Config;
using Chasqui.Core.Tests.Config;

namespace Chasqui.Core.Tests.Checks;

/// <summary>What stock refuses has an error; what stock takes has none but those that <see cref="CheckRule"/> documents.</summary>
public sealed class StockAgreementTests
{
    private const int Files = 300;

    [Fact]
    public void ErrorsAreWhereStockRefusesAndWhereItIsDocumented()
    {
        Assert.SkipUnless(StockWg.IsHere, "There is no stock wg.");
        string path = Path.GetTempFileName();
        int refused = 0;
        try
        {
            for (int seed = 0; seed < Files; seed++)
            {
                string text = ConfEncoding.Decode(new ConfTextSource(seed, StockWg.IsOf2026).NextFile(isValid: seed % 3 == 0));
                bool isTaken = IsTaken(text, path);

                CheckFinding[] errors = Errors(text);

                string context = $"seed {seed}, stock {(isTaken ? "takes" : "refuses")}:\n{text}\n{string.Join('\n', errors.Select(static e => e.ToString()))}";
                Assert.True(isTaken ? errors.All(static error => error.Rule >= CheckRule.BadAddress) : errors.Length > 0, context);
                refused += isTaken ? 0 : 1;
            }
        }
        finally
        {
            File.Delete(path);
        }

        Assert.InRange(refused, Files / 5, Files * 4 / 5);
    }

    [Fact]
    public void WhatOurReadersRefuseHasAnErrorAndNothingElseHasOneOfStocks()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var source = new ConfTextSource(seed, hasSigns: true);
            string text = seed % 2 == 0 ? source.NextNoise() : new QuickTextSource(seed).Next();
            bool isTaken = IsTaken(text);

            bool isRefused = Errors(text).Any(static error => error.Rule < CheckRule.BadAddress);

            Assert.True(isTaken != isRefused, $"seed {seed}:\n{text}\n{string.Join('\n', Errors(text).Select(static e => e.ToString()))}");
        }
    }

    [Fact]
    public void NoSecretIsEverToldEvenAmongMistakes()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            string text = ConfEncoding.Decode(new ConfTextSource(seed, hasSigns: true).NextFile(isValid: false));
            string told = string.Concat(ConfCheck.Run(new CheckSubject { Text = text }));
            foreach (string line in text.Split('\n'))
            {
                string cleaned = string.Concat(line.Split('#')[0].Where(static c => !char.IsWhiteSpace(c) && c != '\0'));
                int equals = cleaned.IndexOf('=', StringComparison.Ordinal);
                bool isSecret = equals > 0 && cleaned[..equals].ToUpperInvariant() is "PRIVATEKEY" or "PRESHAREDKEY" && cleaned.Length > equals + 10;
                Assert.True(!isSecret || !told.Contains(cleaned.Substring(equals + 1, 8), StringComparison.Ordinal) || cleaned[equals + 1] == 'A', $"seed {seed}:\n{text}\n{told}");
            }
        }
    }

    private static CheckFinding[] Errors(string text) =>
        [.. ConfCheck.Run(new CheckSubject { Text = text, Services = StockWg.Options().Services }).Where(static finding => finding.Severity == CheckSeverity.Error)];

    private static bool IsTaken(string text)
    {
        try
        {
            WgConf.Parse(QuickConf.Parse(text, null).Strip(), StockWg.Options() with { Endpoints = null }).Dispose();
            return true;
        }
        catch (ConfigException)
        {
            return false;
        }
    }

    /// <summary>Whether stock takes what <c>wg-quick strip</c> prints of a file; ours prints the same, as its own tests show.</summary>
    private static bool IsTaken(string text, string path)
    {
        string stripped;
        try
        {
            stripped = QuickConf.Parse(text, null).Strip();
        }
        catch (ConfigException)
        {
            return false;
        }

        File.WriteAllBytes(path, ConfEncoding.Encode(stripped));
        StockAnswer answer = StockWg.Run("setconf", "nonexist0", path);
        return Encoding.UTF8.GetString(answer.Error).Contains("Unable to modify interface: ", StringComparison.Ordinal);
    }
}
