namespace Chasqui.Compare.Contenders;

/// <summary>The keys of both ends, and the commands that make a WireGuard interface of either kind, daemon's or kernel's, a tunnel.</summary>
internal sealed class WireGuardKeys
{
    private readonly string[] _secret = new string[2], _public = new string[2];

    private WireGuardKeys()
    {
    }

    /// <summary>Makes a key pair for each end, with the tool wg.</summary>
    public static WireGuardKeys Make(Lab lab)
    {
        var keys = new WireGuardKeys();
        foreach (End end in (End[])[End.Left, End.Right])
        {
            keys._secret[(int)end] = lab.Run(end, "wg", "genkey").Trim();
            string file = lab.Write($"secret-{end}", keys._secret[(int)end]);
            keys._public[(int)end] = lab.Run(end, "sh", "-c", $"wg pubkey <{file}").Trim();
        }

        return keys;
    }

    /// <summary>An end's public key, in base64.</summary>
    public string Public(End end) => _public[(int)end];

    /// <summary>An end's private key, in base64.</summary>
    public string Secret(End end) => _secret[(int)end];

    /// <summary>Gives the interface named <see cref="Lab.Interface"/> its key, its peer, its address and its MTU, and turns it on.</summary>
    public void Configure(Lab lab, End end, int port)
    {
        End other = Lab.Other(end);
        string file = lab.Write($"wg-{end}.conf", $"""
            [Interface]
            PrivateKey = {Secret(end)}
            ListenPort = {port}
            [Peer]
            PublicKey = {Public(other)}
            Endpoint = {Lab.Outer(other)}:{port}
            AllowedIPs = {Lab.Inner(other)}/32

            """);
        lab.Run(end, "wg", "setconf", Lab.Interface(end), file);
        lab.RunIp(
            end,
            $"address add {Lab.Inner(end)}/24 dev {Lab.Interface(end)}",
            $"link set {Lab.Interface(end)} mtu {Lab.InnerMtu} up");
    }
}
