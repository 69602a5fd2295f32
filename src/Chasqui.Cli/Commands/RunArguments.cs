using System.Net;
using Chasqui.Core.Config;

namespace Chasqui.Cli.Commands;

/// <summary>The arguments of <c>run</c>, which are wireguard-go's and a few more.</summary>
/// <param name="Names">What is no option: the interface.</param>
/// <param name="IsForeground">Whether it stays.</param>
/// <param name="Metrics">Where metrics are served, as it was written; null for nowhere.</param>
internal sealed record RunArguments(IReadOnlyList<string> Names, bool IsForeground, string? Metrics)
{
    internal const string MetricsOption = "--metrics";

    private const string MetricsVariable = "CHASQUI_METRICS";

    /// <summary>Where metrics are served; null for nowhere.</summary>
    internal IPEndPoint? MetricsAddress => Metrics is null ? null : Chasqui.Metrics.MetricsAddress.Parse(Metrics);

    /// <summary>Reads arguments; what they leave open the environment says.</summary>
    /// <exception cref="ConfigException">An option is unknown, or its value is missing or wrong.</exception>
    internal static RunArguments Read(string program, IReadOnlyList<string> arguments, bool isForeground)
    {
        var names = new List<string>();
        string? metrics = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "-f" or "--foreground":
                    isForeground = true;
                    break;
                case MetricsOption:
                    metrics = ++i < arguments.Count ? arguments[i] : throw new ConfigException($"{MetricsOption} has no value; give {MetricsOption} [ADDR:]PORT.");
                    break;
                case var option when option.StartsWith($"{MetricsOption}=", StringComparison.Ordinal):
                    metrics = option[(MetricsOption.Length + 1)..];
                    break;
                case ['-', ..] unknown:
                    throw new ConfigException($"{ConfigException.Quote(unknown)} is no option of run. There are -f and {MetricsOption}; see {program} --help");
                default:
                    names.Add(arguments[i]);
                    break;
            }
        }

        return new RunArguments(names, isForeground, metrics ?? OfEnvironment()).Checked(metrics is null ? MetricsVariable : MetricsOption);
    }

    /// <summary>The command line of the process in the background; under the name wireguard-go there are no commands.</summary>
    internal string[] ToChild(string program, string interfaceName)
    {
        string[] options = Metrics is null ? [] : [MetricsOption, Metrics];
        return program == CommandLine.WireGuardGo ? [.. options, interfaceName] : ["run", .. options, interfaceName];
    }

    private static string? OfEnvironment() => Environment.GetEnvironmentVariable(MetricsVariable) is { Length: > 0 } value ? value : null;

    private RunArguments Checked(string place)
    {
        try
        {
            _ = MetricsAddress;
            return this;
        }
        catch (ConfigException exception)
        {
            throw new ConfigException(null, 0, place, exception.Reason);
        }
    }
}
