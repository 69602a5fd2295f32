namespace Chasqui.Compare.Measures;

/// <summary>What iperf3 says of one transfer.</summary>
/// <param name="Bytes">Payload that arrived.</param>
/// <param name="Seconds">How long the receiver took.</param>
/// <param name="SentPerSecond">Payload bytes that the sender sent a second.</param>
/// <param name="Loss">The share of datagrams that did not arrive, 0 to 1; 0 for TCP.</param>
internal readonly record struct IperfResult(double Bytes, double Seconds, double SentPerSecond, double Loss)
{
    /// <summary>Goodput in Gbit/s.</summary>
    public double Gigabits => Bytes * 8 / Seconds / 1e9;
}
