namespace Chasqui.Compare.Contenders;

/// <summary>OpenVPN 2.6 between two hosts: UDP, TLS with certificates, its own data channel in user space.</summary>
/// <param name="name">The contender's name.</param>
/// <param name="cipher">The data channel's cipher, as OpenVPN calls it.</param>
/// <remarks>
/// Socket buffers of 512 KiB and a device queue of 1000 packets keep bursts from being dropped, and --fast-io saves a poll a packet: with
/// them transfers lost fewer segments than with the defaults and were no slower. Data channel offload (ovpn-dco, a kernel module) is off: this
/// contender is OpenVPN itself. No compression; packets are not cut, since what the MTU lets in fits the cable.
/// </remarks>
internal sealed class OpenVpn(string name, string cipher) : IContender
{
    private const string Done = "Initialization Sequence Completed";

    private readonly List<int> _pids = [];
    private string? _version;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Version => _version ??= Programs.Version(Programs.Find("openvpn")!);

    /// <inheritdoc/>
    public string Note => $"{cipher}, UDP, TLS, no kernel offload (DCO), 512 KiB socket buffers, --fast-io; MTU {Lab.InnerMtu}";

    /// <inheritdoc/>
    public string? WhyAbsent =>
        Programs.Find("openvpn") is null ? "openvpn is not installed"
        : !File.Exists("/dev/net/tun") ? "there is no /dev/net/tun"
        : null;

    /// <inheritdoc/>
    public void Start(Lab lab)
    {
        _pids.Clear();
        var certificates = ThrowawayCertificates.Make(DateTimeOffset.UtcNow);
        lab.Write("authority.crt", certificates.Authority);
        RunningProgram[] daemons = [StartEnd(lab, End.Left, certificates), StartEnd(lab, End.Right, certificates)];
        foreach (RunningProgram daemon in daemons)
        {
            Lab.WaitUntil(() => daemon.Output.Contains(Done, StringComparison.Ordinal), $"{name}: the TLS handshake", daemon, seconds: 20);
        }

        lab.WaitForPing();
    }

    /// <inheritdoc/>
    public IEnumerable<int> Daemons(Lab lab) => _pids;

    /// <summary>An end's configuration file. The left one is the TLS server, and starts first.</summary>
    /// <param name="end">Which end.</param>
    /// <param name="cipher">The data channel's cipher.</param>
    /// <param name="folder">Where authority.crt and the end's certificate and key are.</param>
    internal static string Configuration(End end, string cipher, string folder)
    {
        End other = Lab.Other(end);
        return $"""
            dev {Lab.Interface(end)}
            dev-type tun
            proto udp
            local {Lab.Outer(end)}
            remote {Lab.Outer(other)} 1194
            topology p2p
            ifconfig {Lab.Inner(end)} {Lab.Inner(other)}
            ca {folder}/authority.crt
            cert {folder}/{end}.crt
            key {folder}/{end}.key
            {(end == End.Left ? "tls-server\ndh none" : "tls-client\nconnect-retry 1")}
            data-ciphers {cipher}
            disable-dco
            tun-mtu {Lab.InnerMtu}
            mssfix 0
            txqueuelen 1000
            sndbuf 524288
            rcvbuf 524288
            fast-io

            """;
    }

    private RunningProgram StartEnd(Lab lab, End end, ThrowawayCertificates certificates)
    {
        lab.Write($"{end}.crt", certificates.Certificates[(int)end]);
        lab.Write($"{end}.key", certificates.Keys[(int)end]);
        string file = lab.Write($"openvpn-{end}.conf", Configuration(end, cipher, lab.Folder));
        RunningProgram daemon = lab.Start(end, Programs.Find("openvpn")!, "--config", file);
        _pids.Add(daemon.Pid);
        return daemon;
    }
}
