using System.Text;

namespace Chasqui.Core.Config;

/// <summary>How often a name is asked for again: the value of <c>WG_ENDPOINT_RESOLUTION_RETRIES</c>.</summary>
/// <remarks>Source: wg(8).</remarks>
public static class EndpointRetries
{
    /// <summary>Retries while the variable is not set.</summary>
    public const int Default = 15;

    /// <summary>Retries without end.</summary>
    public const int Infinite = -1;

    /// <summary>Reads the variable's text.</summary>
    /// <param name="text">The text, or null for a variable that is not set.</param>
    /// <exception cref="ConfigException">It is neither <c>infinity</c> nor a number. Stock exits with 1 at once.</exception>
    public static int Parse(string? text)
    {
        if (text is null)
        {
            return Default;
        }

        if (text == "infinity")
        {
            return Infinite;
        }

        ulong number = CNumber.ReadUnsigned(text, 10, out int consumed);
        if (consumed != text.Length || number > int.MaxValue)
        {
            throw new ConfigException(
                null,
                0,
                "WG_ENDPOINT_RESOLUTION_RETRIES",
                $"{ConfText.Quote(text)} is neither infinity nor a number.",
                Encoding.UTF8.GetBytes($"Unable to parse WG_ENDPOINT_RESOLUTION_RETRIES: `{text}'\n"));
        }

        return (int)number;
    }
}
