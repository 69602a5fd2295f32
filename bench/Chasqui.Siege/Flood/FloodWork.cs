using System.Globalization;
using System.Net;

namespace Chasqui.Siege.Flood;

/// <summary>What the flooder is told.</summary>
/// <param name="Datagrams">The file of datagrams, each behind its length (two bytes, little endian).</param>
/// <param name="Target">Where to, once <paramref name="Flag"/> is there.</param>
/// <param name="ControlPort">The port of the same address to send to before, which nobody reads.</param>
/// <param name="Flag">A file that is or is not there.</param>
/// <param name="Source">Where they seem to come from; null for another address and port each time.</param>
/// <param name="IsOdd">Whether ordinary sockets send them, in fragments and segments of odd lengths.</param>
/// <param name="Rate">Datagrams a second.</param>
internal sealed record FloodWork(string Datagrams, IPEndPoint Target, int ControlPort, string Flag, IPEndPoint? Source, bool IsOdd, int Rate)
{
    private const string Anybody = "anybody";

    /// <summary>The same as words of a command line.</summary>
    public IEnumerable<string> Words => [Datagrams, $"{Target}", $"{ControlPort}", Flag, Source is null ? Anybody : $"{Source}", $"{IsOdd}", $"{Rate}"];

    /// <summary>Reads <see cref="Words"/>.</summary>
    public static FloodWork Parse(ReadOnlySpan<string> words) => new(
        words[0],
        IPEndPoint.Parse(words[1]),
        int.Parse(words[2], CultureInfo.InvariantCulture),
        words[3],
        words[4] == Anybody ? null : IPEndPoint.Parse(words[4]),
        bool.Parse(words[5]),
        int.Parse(words[6], CultureInfo.InvariantCulture));
}
