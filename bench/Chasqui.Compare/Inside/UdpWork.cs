using System.Globalization;
using System.Net;

namespace Chasqui.Compare.Inside;

/// <summary>What the two sides of the UDP measure are told.</summary>
/// <param name="Server">Where the sink listens.</param>
/// <param name="Payload">Bytes in a datagram.</param>
/// <param name="Rate">Payload bits a second.</param>
/// <param name="Milliseconds">How long to send.</param>
internal sealed record UdpWork(IPEndPoint Server, int Payload, double Rate, int Milliseconds)
{
    /// <summary>Socket options of SOL_UDP. Source: linux/udp.h.</summary>
    internal const int SOL_UDP = 17, UDP_SEGMENT = 103, UDP_GRO = 104;

    /// <summary>The one byte by which the source asks the sink what has arrived; no payload is as short.</summary>
    internal const int QuestionLength = 1;

    /// <summary>What sockets may hold while their program does not run; the kernel gives what it allows.</summary>
    internal const int SocketBuffer = 4 << 20;

    /// <summary>The same as words of a command line.</summary>
    public IEnumerable<string> Words =>
        [$"{Server}", $"{Payload}", Rate.ToString("F0", CultureInfo.InvariantCulture), $"{Milliseconds}"];

    /// <summary>Reads <see cref="Words"/>.</summary>
    public static UdpWork Parse(ReadOnlySpan<string> words) => new(
        IPEndPoint.Parse(words[0]),
        int.Parse(words[1], CultureInfo.InvariantCulture),
        double.Parse(words[2], CultureInfo.InvariantCulture),
        int.Parse(words[3], CultureInfo.InvariantCulture));
}
