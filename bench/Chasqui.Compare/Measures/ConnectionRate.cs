using System.Net;
using Chasqui.Compare.Contenders;
using Chasqui.Compare.Inside;

namespace Chasqui.Compare.Measures;

/// <summary>TCP connections a second through the tunnel, from right to left: connect, a byte, a byte back, close by both ends.</summary>
/// <param name="workers">How many at once; with one, the figure is latency: about two and a half round trips each.</param>
/// <param name="seconds">How long.</param>
internal sealed class ConnectionRate(int workers, int seconds) : IMeasure
{
    private const int Port = 5202;

    private readonly Quantity _rate = new(
        $"connections.{workers}",
        workers == 1 ? "TCP connections, one after the other" : $"TCP connections, {workers} at once",
        "1/s",
        IsMoreBetter: true,
        Decimals: 0);

    /// <inheritdoc/>
    public string Name => $"connections{workers}";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => [_rate];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        var work = new ConnectionWork(new IPEndPoint(IPAddress.Parse(Lab.Inner(End.Left)), Port), workers, seconds);
        RunningProgram server = InsideProgram.StartServer(lab, End.Left, work);
        RunningProgram? client = null;
        try
        {
            Lab.WaitUntil(() => server.Output.Contains(ConnectionServer.Ready, StringComparison.Ordinal), "the connection server", server);
            client = InsideProgram.StartClient(lab, End.Right, work);
            string output = client.WaitForOutput(TimeSpan.FromSeconds(seconds + 30));
            return [new Figure(_rate, ConnectionTally.Parse(output).PerSecond)];
        }
        finally
        {
            if (client is not null) lab.Forget(client);
            lab.Forget(server);
        }
    }
}
