namespace Chasqui.Siege.Flood;

/// <summary>A way to send many datagrams.</summary>
internal interface IGun : IDisposable
{
    /// <summary>Sends the next datagrams.</summary>
    /// <param name="count">How many.</param>
    /// <param name="port">The target's port.</param>
    /// <returns>How many went: more or fewer, if they go in groups.</returns>
    int Send(int count, int port);
}
