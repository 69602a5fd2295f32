namespace Chasqui.Cli;

/// <summary>What the help of commands without declared options tells beside their rows.</summary>
internal static class CommandHelp
{
    internal const string Up = """
        Each step is printed as the command that would do the same; a step that fails undoes those before it. The file's commands
        (PostUp ...) run only if nobody but root can write it. WG_QUICK_USERSPACE_IMPLEMENTATION names another daemon.
        """;

    internal const string Save = """
        Addresses, keys, port, mark and peers as they run; comments, names, unknown keys and host names of endpoints stay.
        """;

    internal const string Run = """
        This is what "chasqui IFNAME" and "wireguard-go IFNAME" do: the interface has no keys, addresses or peers yet. To bring one up
        from its file: chasqui up IFNAME

        Once set up it keeps CAP_NET_ADMIN and CAP_NET_BIND_SERVICE only; CHASQUI_UNHARDENED=1 leaves it all, for debugging.

          -f, --foreground          stay, and write messages to standard error; LOG_LEVEL=verbose, info, warning, error or silent
          --metrics [ADDR:]PORT     serve metrics for Prometheus at http://ADDR:PORT/metrics; on 127.0.0.1 if only a port is given.
                                    Also as CHASQUI_METRICS, which reaches the daemon that "up" starts. See docs/metrics.md
        """;

    internal const string Show = """
        Without FIELD, for people; with one, for scripts, with tabs between values:
          public-key, private-key, listen-port, fwmark, peers, preshared-keys, endpoints, allowed-ips, latest-handshakes,
          persistent-keepalive, transfer, dump

          --json    one JSON document, of the same; see docs/json.md

        The peers with their names: chasqui peer list IFNAME
        """;

    internal const string Set = """
        Nothing changes in the file: `chasqui save' writes it there. The words are
          listen-port PORT, fwmark MARK, private-key FILE
          peer KEY, and for that peer: remove, preshared-key FILE, endpoint HOST:PORT, persistent-keepalive SECONDS|off,
            allowed-ips PREFIX,... (+PREFIX adds one, -PREFIX takes it away)

          chasqui set wg0 peer KEY endpoint vpn.example.com:51820
        """;

    internal const string Conf = """
        FILE has the keys that wg(8) knows: `chasqui strip IFNAME' makes it of a whole file. To bring addresses, routes and DNS along:
        chasqui reload IFNAME
        """;

    internal const string GenerateKey = """
          (umask 077; chasqui genkey | tee private.key | chasqui pubkey > public.key)
        """;
}
