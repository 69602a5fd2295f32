using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chasqui.Siege.Soak;

/// <summary>The files of a soak: a short one for the documents, and one with all samples.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SoakResult))]
[JsonSerializable(typeof(SoakRecord))]
internal sealed partial class SoakJson : JsonSerializerContext
{
    /// <summary>Writes the short file.</summary>
    public static void Save(string path, SoakResult result) => ResultFile.Write(path, JsonSerializer.Serialize(result, Default.SoakResult));

    /// <summary>Writes the long file.</summary>
    public static void Save(string path, SoakRecord record) => ResultFile.Write(path, JsonSerializer.Serialize(record, Default.SoakRecord));
}
