using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chasqui.Compare.Report;

/// <summary>The file that keeps a run: artifacts/bench/results.json.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Results))]
internal sealed partial class ResultsJson : JsonSerializerContext
{
    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Save(string path, Results results)
    {
        string unfinished = $"{path}.new";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(results, Default.Results) + "\n");
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="LabException">There is none, or it is not such a file.</exception>
    public static Results Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), Default.Results) ?? throw new LabException($"{path} is empty");
        }
        catch (Exception failure) when (failure is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LabException($"{Path.GetFileName(path)} cannot be read ({failure.Message}): run ./build.sh bench first");
        }
    }
}
