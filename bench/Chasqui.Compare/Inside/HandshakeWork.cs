using System.Globalization;
using System.Net;

namespace Chasqui.Compare.Inside;

/// <summary>What the generator of handshakes is told.</summary>
/// <param name="Messages">The file with all initiations.</param>
/// <param name="Answers">The file that is to receive the last round's responses.</param>
/// <param name="Responder">Where the daemon listens.</param>
/// <param name="Daemon">The daemon's process number, for its CPU time.</param>
/// <param name="Peers">How many initiations make a round.</param>
/// <param name="Window">How many initiations may wait for their answers.</param>
internal sealed record HandshakeWork(string Messages, string Answers, IPEndPoint Responder, int Daemon, int Peers, int Window)
{
    /// <summary>The same as words of a command line.</summary>
    public IEnumerable<string> Words => [Messages, Answers, $"{Responder}", $"{Daemon}", $"{Peers}", $"{Window}"];

    /// <summary>Reads <see cref="Words"/>.</summary>
    public static HandshakeWork Parse(ReadOnlySpan<string> words) => new(
        words[0], words[1], IPEndPoint.Parse(words[2]), Number(words[3]), Number(words[4]), Number(words[5]));

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
