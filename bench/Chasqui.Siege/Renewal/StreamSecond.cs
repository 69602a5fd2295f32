using System.Text.Json;
using Chasqui.Compare;

namespace Chasqui.Siege.Renewal;

/// <summary>One second of a stream.</summary>
/// <param name="From">When it began, seconds since the stream's start.</param>
/// <param name="To">When it ended.</param>
/// <param name="Megabits">What it carried, Mbit/s.</param>
internal sealed record StreamSecond(double From, double To, double Megabits)
{
    /// <summary>Reads what iperf3 wrote with --json.</summary>
    /// <exception cref="LabException">It is an error, or no such text.</exception>
    public static IReadOnlyList<StreamSecond> ReadAll(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.TryGetProperty("error", out JsonElement error)) throw new LabException($"iperf3: {error.GetString()}");
            return [.. document.RootElement.GetProperty("intervals").EnumerateArray().Select(static interval => Of(interval.GetProperty("sum")))];
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new LabException($"iperf3 gave no result: {failure.Message}");
        }
    }

    private static StreamSecond Of(JsonElement sum) => new(
        sum.GetProperty("start").GetDouble(), sum.GetProperty("end").GetDouble(), sum.GetProperty("bits_per_second").GetDouble() / 1e6);
}
