using System.Globalization;

namespace Chasqui.Device;

/// <summary>How many lanes and workers a device gets: the one place that decides.</summary>
/// <remarks>
/// A lane is a queue of the interface and a socket of each family, with a thread for each; see docs/scaling.md. A small machine has one:
/// further ones cost memory and bring nothing where the cores are busy anyway. Above that a lane for two cores, since its busy threads are
/// two, one for each direction, and whoever uses the tunnel needs cores too.
/// </remarks>
public static class Lanes
{
    /// <summary>How many lanes there are at most, however many cores.</summary>
    internal const int Most = 8;

    /// <summary>The environment variable that overrides the choice of lanes: 1 to 64.</summary>
    internal const string Variable = "CHASQUI_QUEUES";

    /// <summary>The environment variable that overrides the choice of workers: 0 to 64.</summary>
    internal const string WorkersVariable = "CHASQUI_WORKERS";

    private const int MostByHand = 64;

    /// <summary>How many queues an interface is to be opened with on this machine.</summary>
    /// <exception cref="IOException">The environment variable is not a number from 1 to 64.</exception>
    public static int Wanted() => Read(Variable, 1) ?? LanesFor(Environment.ProcessorCount);

    /// <summary>How many threads help a device's lanes to seal and open while they cannot keep up.</summary>
    /// <exception cref="IOException">The environment variable is not a number from 0 to 64.</exception>
    internal static int WantedWorkers() => Read(WorkersVariable, 0) ?? WorkersFor(Environment.ProcessorCount);

    /// <summary>4 cores: 2; 16 and more: 8.</summary>
    internal static int LanesFor(int cores) => cores < 4 ? 1 : Math.Min(Most, cores / 2);

    /// <summary>One reads, one writes; what is left over may help.</summary>
    internal static int WorkersFor(int cores) => Math.Clamp(cores - 2, 0, 4);

    private static int? Read(string variable, int least)
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(text) ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= MostByHand
            ? value
            : throw new IOException($"{variable}=\"{text}\" is no number from {least} to {MostByHand}: set it to one, or unset it");
    }
}
