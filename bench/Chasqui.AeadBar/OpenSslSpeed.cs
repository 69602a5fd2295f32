using System.Diagnostics;
using System.Globalization;

namespace Chasqui.AeadBar;

/// <summary>Runs <c>openssl speed</c>.</summary>
/// <remarks>
/// It encrypts one buffer again and again under one nonce, as one long message: a message's setting up, its Poly1305 key and its tag are
/// not in the figure. Ours has all three for every packet.
/// </remarks>
internal static class OpenSslSpeed
{
    /// <summary>What <c>openssl version</c> says.</summary>
    internal static string Version() => Run("version").Trim();

    /// <summary>Nanoseconds that it takes for so many bytes, over a second.</summary>
    /// <exception cref="InvalidOperationException">It has not said it.</exception>
    internal static double Nanoseconds(int length)
    {
        string output = Run($"speed -mr -seconds 1 -bytes {length.ToString(CultureInfo.InvariantCulture)} -evp chacha20-poly1305");

        // +F:22:ChaCha20-Poly1305:1900000000.00, in bytes a second
        string? line = output.Split('\n').FirstOrDefault(line => line.StartsWith("+F:", StringComparison.Ordinal));
        return line is null
            ? throw new InvalidOperationException($"openssl speed has said: {output}")
            : length * 1e9 / double.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    private static string Run(string arguments)
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        openssl.ErrorDataReceived += static (_, _) => { };
        openssl.BeginErrorReadLine();
        string output = openssl.StandardOutput.ReadToEnd();
        openssl.WaitForExit();
        return output;
    }
}
