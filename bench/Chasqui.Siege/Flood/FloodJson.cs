using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chasqui.Siege.Flood;

/// <summary>The file of a flood's results.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FloodResult))]
internal sealed partial class FloodJson : JsonSerializerContext
{
    /// <summary>The file's text.</summary>
    public static string Write(FloodResult result) => JsonSerializer.Serialize(result, Default.FloodResult);
}
