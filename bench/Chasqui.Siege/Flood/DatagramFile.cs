using System.Buffers.Binary;

namespace Chasqui.Siege.Flood;

/// <summary>Datagrams in a file, each behind its length in two bytes.</summary>
internal static class DatagramFile
{
    /// <summary>Writes the file.</summary>
    public static void Write(string path, IEnumerable<byte[]> datagrams)
    {
        using FileStream file = File.Create(path);
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        foreach (byte[] datagram in datagrams)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)datagram.Length);
            file.Write(length);
            file.Write(datagram);
        }
    }

    /// <summary>Reads the file.</summary>
    public static IReadOnlyList<byte[]> Read(string path)
    {
        List<byte[]> datagrams = [];
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        while (!rest.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            datagrams.Add(rest.Slice(sizeof(ushort), length).ToArray());
            rest = rest[(sizeof(ushort) + length)..];
        }

        return datagrams;
    }
}
