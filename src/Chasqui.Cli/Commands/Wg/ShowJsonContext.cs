using System.Text.Json.Serialization;

namespace Chasqui.Cli.Commands.Wg;

/// <summary>Writes <see cref="ShowDocument"/> without reflection.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShowDocument))]
internal sealed partial class ShowJsonContext : JsonSerializerContext;
