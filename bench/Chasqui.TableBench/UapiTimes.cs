using System.Diagnostics;
using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Uapi;
using Chasqui.Core.Wire;

namespace Chasqui.TableBench;

/// <summary>Times of the configuration protocol with one peer of very many prefixes.</summary>
internal static class UapiTimes
{
    private const int Prefixes = 65_025 * 2;

    internal static void Print()
    {
        byte[] text = Set();
        double read = double.MaxValue, write = double.MaxValue;
        long bytesRead = 0;
        for (int i = 0; i < 10; i++)
        {
            using var reader = new UapiReader(null);
            ReadOnlySpan<byte> bytes = text;
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            _ = reader.TryRead(ref bytes, out UapiOperation? operation);
            read = Math.Min(read, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            bytesRead = GC.GetAllocatedBytesForCurrentThread() - before;
            write = Math.Min(write, Write(operation!.Change!.Peers[0]));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one peer with {Prefixes:N0} prefixes: set read in {read:F1} ms and {bytesRead / 1024:N0} KiB, get written in {write:F1} ms"));
    }

    private static double Write(PeerChange change)
    {
        var prefixes = new IpPrefix[change.AllowedIps.Count];
        for (int i = 0; i < prefixes.Length; i++)
        {
            prefixes[i] = change.AllowedIps[i].Prefix;
        }

        var writer = new UapiWriter(new DeviceSnapshot { Peers = [new PeerSnapshot { PublicKey = default, AllowedIps = prefixes }] });
        byte[] buffer = new byte[16 * 1024];
        long start = Stopwatch.GetTimestamp();
        while (!writer.IsDone)
        {
            writer.Write(buffer);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static byte[] Set()
    {
        var text = new StringBuilder("set=1\npublic_key=").Append('0', 64).Append('\n');
        for (int i = 0; i < Prefixes; i++)
        {
            string prefix = i % 2 == 0 ? $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32" : $"fd00:{i >> 16:x}:{i & 0xffff:x}::1/128";
            text.Append(CultureInfo.InvariantCulture, $"allowed_ip={prefix}\n");
        }

        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }
}
