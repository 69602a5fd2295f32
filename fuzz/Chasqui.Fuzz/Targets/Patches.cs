using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Damage to something sound, as an input describes it.</summary>
internal static class Patches
{
    /// <summary>Reads up to seven pairs of place and value, and writes each value into its place.</summary>
    /// <returns>Whether anything was written.</returns>
    internal static bool Apply(ref InputReader reader, Span<byte> bytes)
    {
        int count = reader.Byte() & 7;
        for (int i = 0; i < count && bytes.Length > 0; i++)
        {
            bytes[reader.UInt16() % bytes.Length] = reader.Byte();
        }

        return count > 0;
    }
}
