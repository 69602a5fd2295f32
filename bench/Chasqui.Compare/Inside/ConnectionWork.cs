using System.Globalization;
using System.Net;

namespace Chasqui.Compare.Inside;

/// <summary>What the two sides of the connection measure are told.</summary>
/// <param name="Server">Where the server listens.</param>
/// <param name="Workers">How many connections are open at once, at most.</param>
/// <param name="Seconds">How long the client's clock runs.</param>
internal sealed record ConnectionWork(IPEndPoint Server, int Workers, int Seconds)
{
    /// <summary>The same as words of a command line.</summary>
    public IEnumerable<string> Words => [$"{Server}", $"{Workers}", $"{Seconds}"];

    /// <summary>Reads <see cref="Words"/>.</summary>
    public static ConnectionWork Parse(ReadOnlySpan<string> words) => new(
        IPEndPoint.Parse(words[0]), int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture));
}
