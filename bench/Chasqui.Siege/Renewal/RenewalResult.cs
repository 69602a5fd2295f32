using System.Text.Json;
using System.Text.Json.Serialization;
using Chasqui.Compare.Report;

namespace Chasqui.Siege.Renewal;

/// <summary>What the documents take.</summary>
internal sealed record RenewalResult
{
    /// <summary>When it began, UTC.</summary>
    public required string Date { get; init; }

    /// <summary>What repeats it.</summary>
    public required string Command { get; init; }

    /// <summary>Where.</summary>
    public required Machine Machine { get; init; }

    /// <summary>The daemons.</summary>
    public required IReadOnlyList<RenewedProgram> Programs { get; init; }

    /// <summary>The figures as a table in Markdown.</summary>
    public required IReadOnlyList<string> Table { get; init; }
}

/// <summary>The file of the results.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RenewalResult))]
internal sealed partial class RenewalJson : JsonSerializerContext
{
    /// <summary>The file's text.</summary>
    public static string Write(RenewalResult result) => JsonSerializer.Serialize(result, Default.RenewalResult);
}
