using System.Text.Json.Serialization;

namespace Chasqui.Cli.Commands.Peers;

/// <summary>Writes <see cref="PeerListDocument"/> without reflection.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PeerListDocument))]
internal sealed partial class PeerListContext : JsonSerializerContext;
