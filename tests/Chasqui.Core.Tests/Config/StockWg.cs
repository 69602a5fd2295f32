using System.Diagnostics;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests.Config;

/// <summary>The stock tools of this machine, or the ones that <c>CHASQUI_STOCK_WG</c> and <c>CHASQUI_STOCK_WG_QUICK</c> name.</summary>
internal static class StockWg
{
    /// <summary>What stock calls services it does not know.</summary>
    internal const string NoService = "Servname not supported for ai_socktype";

    private static readonly string WgPath = Environment.GetEnvironmentVariable("CHASQUI_STOCK_WG") ?? "/usr/bin/wg";
    private static readonly string QuickPath = Environment.GetEnvironmentVariable("CHASQUI_STOCK_WG_QUICK") ?? "/usr/bin/wg-quick";

    internal static bool IsHere => File.Exists(WgPath);

    internal static bool IsQuickHere => File.Exists(QuickPath);

    /// <summary>Whether this is a release that knows signs before allowed addresses, and clears what syncconf's file does not say.</summary>
    internal static bool IsOf2026 => string.CompareOrdinal(Version(), "wireguard-tools v1.0.2025") > 0;

    internal static StockAnswer Run(params string[] arguments) => Start(WgPath, arguments);

    internal static StockAnswer RunQuick(params string[] arguments) => Start(QuickPath, arguments);

    /// <summary>Runs <c>wg</c> where only <paramref name="directory"/> holds control sockets.</summary>
    internal static StockAnswer RunWithSockets(string directory, params string[] arguments) =>
        Start("/usr/bin/unshare", ["--mount", "sh", "-c", "mkdir -p /var/run/wireguard && mount --bind \"$0\" /var/run/wireguard && exec \"$@\"",
            directory, WgPath, .. arguments]);

    /// <summary>Options that answer names from the machine's list of services, as the C library does here.</summary>
    internal static WgConfOptions Options() => new()
    {
        File = "test.conf",
        Services = FindService,
        Endpoints = static endpoint => EndpointResolution.NotFound(
            endpoint is { Host: "*", Service: "*" } ? "Name or service not known" : NoService),
        ResolutionRetries = "0",
    };

    internal static string RandomKey(Random random)
    {
        byte[] key = new byte[PublicKey.Length];
        random.NextBytes(key);
        PrivateKey.Clamp(key);
        return KeyText.ToBase64(key);
    }

    private static ushort? FindService(string name)
    {
        if (!File.Exists("/etc/services"))
        {
            return null;
        }

        foreach (string line in File.ReadLines("/etc/services"))
        {
            string[] words = line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words[1].EndsWith("/udp", StringComparison.Ordinal) && (words[0] == name || words.Skip(2).Contains(name)))
            {
                return ushort.Parse(words[1].Split('/')[0], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    private static string Version() => Encoding.UTF8.GetString(Run("--version").Output);

    private static StockAnswer Start(string path, string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["WG_ENDPOINT_RESOLUTION_RETRIES"] = "0";
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<byte[]> error = ReadAll(process.StandardError.BaseStream);
        byte[] output = ReadAll(process.StandardOutput.BaseStream).GetAwaiter().GetResult();
        process.WaitForExit();
        return new StockAnswer(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static async Task<byte[]> ReadAll(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
