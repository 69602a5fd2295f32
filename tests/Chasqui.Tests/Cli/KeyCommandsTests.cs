using System.ComponentModel;
using System.Diagnostics;
using Chasqui.Core.Keys;

namespace Chasqui.Tests.Cli;

/// <summary>The key commands beside wg(8) itself, where it is installed.</summary>
public sealed class KeyCommandsTests
{
    private const string Private = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string Zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    public static TheoryData<string> Inputs =>
    [
        Private,
        Private + "\n",
        Private + "\r\n",
        Private + " \t\v\f\r\n\n",
        Private + "\0\0",
        Private + "x",
        Private + "\nx",
        Private + "\n" + Private + "\n",
        Private + "\u00A0",
        "\uFEFF" + Private,
        " " + Private,
        Zero,
        Zero + "\n",
        "",
        "\n",
        Private[..43],
        Private[..43] + "\n",
        Private[..42] + "==",
        Private[..43] + "k",
        "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBml=", // bits left over
        "YAnz5TF-lXXJte14tji3zlMNq_hd2rYUIgJBgB3fBmk=", // the other alphabet
        Private[..20] + "\n" + Private[21..],
        "//////////////////////////////////////////8=",
        "notakey" + new string('x', 100),
    ];

    [Fact]
    public void PubkeyDerivesWhatRfc7748Says()
    {
        // §6.1, Alice's keys.
        var terminal = new TestTerminal("dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=\n");

        Assert.Equal(0, terminal.Run("chasqui", "pubkey"));

        Assert.Equal("hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\n", terminal.Output);
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void PubkeyAnswersAsWgDoes(string input)
    {
        var (wgCode, wgOutput, wgError) = Wg("pubkey", input);
        var terminal = new TestTerminal(Latin1OfUtf8(input));

        Assert.Equal(wgCode, terminal.Run("chasqui", "pubkey"));
        Assert.Equal(wgOutput, terminal.Output);
        if (wgError.Length > 0)
        {
            // Its sentence, and then what to do about it.
            Assert.StartsWith(wgError.TrimEnd('\n').Replace("wg: ", "chasqui: ", StringComparison.Ordinal), terminal.Error);
            Assert.Contains("standard input must hold", terminal.Error);
        }
    }

    [Fact]
    public void GenkeyMakesAClampedKeyThatWgUnderstands()
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run("chasqui", "genkey"));

        byte[] key = new byte[32];
        Assert.True(KeyText.TryParseBase64(terminal.Output.TrimEnd('\n'), key));
        Assert.Equal(45, terminal.Output.Length);
        Assert.Equal(0, key[0] & 7);
        Assert.Equal(64, key[31] & 192);
        Assert.Equal(0, Wg("pubkey", terminal.Output).Code);
    }

    [Theory]
    [InlineData("genkey")]
    [InlineData("genpsk")]
    public void NoTwoKeysAreEqual(string command)
    {
        var first = new TestTerminal();
        var second = new TestTerminal();

        Assert.Equal(0, first.Run("chasqui", command));
        Assert.Equal(0, second.Run("chasqui", command));

        Assert.NotEqual(first.Output, second.Output);
        Assert.Empty(first.Error);
    }

    [Theory]
    [InlineData("genkey")]
    [InlineData("genpsk")]
    public void AFileThatOthersMayReadIsWarnedOfInWgsWords(string command)
    {
        var terminal = new TestTerminal("", isOutputWorldAccessible: true);

        Assert.Equal(0, terminal.Run("chasqui", command));

        Assert.Equal(
            "Warning: writing to world accessible file.\nConsider setting the umask to 077 and trying again.\n", terminal.Error);
        Assert.Equal(45, terminal.Output.Length);
    }

    [Theory]
    [InlineData("genkey")]
    [InlineData("genpsk")]
    [InlineData("pubkey")]
    public void ArgumentsAreTooMuch(string command)
    {
        var terminal = new TestTerminal(Private);

        Assert.Equal(1, terminal.Run("chasqui", command, "wg0"));

        Assert.Empty(terminal.Output);
        Assert.Equal($"chasqui: `wg0' is too much: {command} takes no arguments. Usage: chasqui {command}\n", terminal.Error);
    }

    [Fact]
    public void APrivateKeyIsNeverRepeatedInAnError()
    {
        var terminal = new TestTerminal(Private + "x");

        Assert.Equal(1, terminal.Run("chasqui", "pubkey"));

        Assert.DoesNotContain(Private[..8], terminal.Error);
    }

    /// <summary>Standard input is read byte for byte.</summary>
    private static string Latin1OfUtf8(string text) =>
        System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static (int Code, string Output, string Error) Wg(string command, string input)
    {
        var start = new ProcessStartInfo("wg", command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.BaseStream.Write(System.Text.Encoding.UTF8.GetBytes(input));
            process.StandardInput.Close();
            string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error);
        }
        catch (Win32Exception)
        {
            Assert.Skip("needs wg(8) of wireguard-tools");
            throw;
        }
    }
}
