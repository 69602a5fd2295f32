namespace Chasqui.System.Tests.Harness;

/// <summary>The stock <c>wg</c> of the distribution, pointed at one interface.</summary>
/// <remarks>It reaches the daemon through the socket folder, so it need not run in the interface's namespace.</remarks>
internal sealed class Wg(string interfaceName)
{
    /// <summary><c>wg set</c>; <paramref name="secret"/> is what a key file named <c>/dev/stdin</c> holds.</summary>
    public void Set(string arguments, string? secret = null) => Command.Run($"wg set {interfaceName} {arguments}", secret);

    public CommandResult TrySet(string arguments) => Command.Try($"wg set {interfaceName} {arguments}");

    public void SetConf(string configuration) => Command.Run($"wg setconf {interfaceName} /dev/stdin", configuration);

    public void AddConf(string configuration) => Command.Run($"wg addconf {interfaceName} /dev/stdin", configuration);

    public void SyncConf(string configuration) => Command.Run($"wg syncconf {interfaceName} /dev/stdin", configuration);

    public string ShowConf() => Command.Run($"wg showconf {interfaceName}").Output;

    public CommandResult Show(string field) => Command.Run($"wg show {interfaceName} {field}");

    /// <summary>The columns that <c>wg show</c> prints for a peer; empty if the peer is not there.</summary>
    public string[] Show(string field, string publicKey) =>
        Show(field).Lines.Select(line => line.Split('\t')).FirstOrDefault(columns => columns[0] == publicKey)?[1..] ?? [];

    public string Endpoint(string publicKey) => Show("endpoints", publicKey)[0];

    public string[] AllowedIps(string publicKey) => Show("allowed-ips", publicKey)[0].Split(' ');

    /// <summary>Seconds since 1970, 0 for never.</summary>
    public long LatestHandshake(string publicKey) => long.Parse(Show("latest-handshakes", publicKey)[0]);

    /// <summary>Bytes received and sent, as the daemon counts them: whole datagrams.</summary>
    public (long Received, long Sent) Transfer(string publicKey) =>
        Show("transfer", publicKey) is [var received, var sent] ? (long.Parse(received), long.Parse(sent)) : (0, 0);

    public string[] Peers() => Show("peers").Lines;
}
