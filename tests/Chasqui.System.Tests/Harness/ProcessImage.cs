using System.Globalization;

namespace Chasqui.System.Tests.Harness;

/// <summary>The memory of a process, searched as root does through <c>/proc</c>.</summary>
internal static class ProcessImage
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Where some bytes are in what the process can write: heap, stacks, data.</summary>
    public static List<MemoryHit> Find(int id, ReadOnlySpan<byte> wanted)
    {
        var hits = new List<MemoryHit>();
        using var memory = File.OpenHandle($"/proc/{id}/mem");
        var buffer = new byte[ChunkBytes];
        foreach (var region in Regions(id))
        {
            for (var at = region.Start; at < region.End; at += ChunkBytes - wanted.Length)
            {
                var length = (int)Math.Min(ChunkBytes, region.End - at);
                Search(buffer.AsSpan(0, Read(memory, buffer, length, at)), wanted, at, region, hits);
                if (length < ChunkBytes)
                {
                    break;
                }
            }
        }

        return hits;
    }

    private static void Search(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> wanted, long at, MemoryRegion region, List<MemoryHit> hits)
    {
        for (var from = 0; bytes[from..].IndexOf(wanted) is var index and >= 0; from += index + 1)
        {
            hits.Add(new MemoryHit(at + from + index, region.Name, region.Flags));
        }
    }

    private static int Read(Microsoft.Win32.SafeHandles.SafeFileHandle memory, byte[] buffer, int length, long at)
    {
        try
        {
            return RandomAccess.Read(memory, buffer.AsSpan(0, length), at);
        }
        catch (IOException)
        {
            return 0; // gone meanwhile, or never to be read: [vvar]
        }
    }

    /// <summary>What can be written and has pages in memory.</summary>
    private static List<MemoryRegion> Regions(int id)
    {
        var regions = new List<MemoryRegion>();
        string[] words = [];
        var resident = false;
        foreach (var line in File.ReadLines($"/proc/{id}/smaps"))
        {
            if (line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                resident = !line.EndsWith(" 0 kB", StringComparison.Ordinal);
            }
            else if (line.StartsWith("VmFlags:", StringComparison.Ordinal))
            {
                if (resident && words[1].StartsWith("rw", StringComparison.Ordinal))
                {
                    var ends = words[0].Split('-').Select(end => long.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
                    regions.Add(new MemoryRegion(ends[0], ends[1], words.Length > 5 ? words[5] : "", line));
                }
            }
            else if (!line.Split(' ')[0].EndsWith(':'))
            {
                words = Command.Words(line);
            }
        }

        return regions;
    }

    private sealed record MemoryRegion(long Start, long End, string Name, string Flags);
}
