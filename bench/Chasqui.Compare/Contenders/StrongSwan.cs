namespace Chasqui.Compare.Contenders;

/// <summary>strongSwan with its own ESP in user space: the daemon charon with the plugin kernel-libipsec; IKEv2 with a preshared key.</summary>
/// <param name="name">The contender's name.</param>
/// <param name="cipher">The ESP proposal: "chacha20poly1305" or "aes256gcm16".</param>
/// <remarks>
/// Two charons on one machine would share the file that holds the daemon's number: each has a /run of its own, in a mount namespace.
/// Configuration, control socket and log are in the lab's folder. The plugin openssl does the cryptography: the ones of strongSwan itself
/// were no faster. ESP always travels in UDP with this plugin. Its MTU is built in: what is longer than 1400 bytes it cuts off.
/// </remarks>
internal sealed class StrongSwan(string name, string cipher) : IContender
{
    private const string Charon = "/usr/lib/ipsec/charon";
    private const string Plugins = "/usr/lib/ipsec/plugins";
    private const string Interface = "ipsec0"; // the first that a charon makes in its network namespace
    private const int Mtu = 1400;

    private readonly List<int> _pids = [];
    private string? _version;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Version => _version ??= Programs.Version(Charon);

    /// <inheritdoc/>
    public string Note => $"{cipher} by OpenSSL, ESP in UDP in user space (kernel-libipsec); MTU {Mtu}, its own";

    /// <inheritdoc/>
    public string? WhyAbsent =>
        !File.Exists(Charon) ? "strongSwan's charon is not installed"
        : Programs.Find("swanctl") is null ? "swanctl, which configures strongSwan, is not installed"
        : MissingPlugin("kernel-libipsec", "openssl") is string plugin ? $"strongSwan's plugin {plugin} is not installed"
        : !File.Exists("/dev/net/tun") ? "there is no /dev/net/tun"
        : null;

    /// <inheritdoc/>
    public void Start(Lab lab)
    {
        _pids.Clear();
        RunningProgram[] daemons = [StartDaemon(lab, End.Left), StartDaemon(lab, End.Right)];
        foreach (End end in (End[])[End.Left, End.Right])
        {
            Lab.WaitUntil(() => File.Exists(Socket(lab, end)), $"{name}: the control socket", daemons[(int)end]);
            string file = lab.Write($"swanctl-{end}.conf", Connection(end, cipher));
            Control(lab, end, "--load-all", "--noprompt", "--file", file);
            lab.RunIp(end, $"link set {Interface} mtu {Mtu}");
        }

        Control(lab, End.Right, "--initiate", "--child", "tunnel", "--timeout", "10");
        lab.WaitForPing();
    }

    /// <inheritdoc/>
    public IEnumerable<int> Daemons(Lab lab) => _pids;

    /// <summary>An end's strongswan.conf: only the plugins that are needed, and everything in one folder.</summary>
    internal static string Settings(End end, string folder) => $$"""
        charon {
          load = random nonce openssl hmac kdf kernel-libipsec kernel-netlink socket-default vici
          plugins {
            vici {
              socket = unix://{{folder}}/vici-{{end}}
            }
          }
          filelog {
            log {
              path = {{folder}}/charon-{{end}}.log
            }
          }
          syslog {
            daemon {
              default = -1
            }
            auth {
              default = -1
            }
          }
        }

        """;

    /// <summary>An end's swanctl.conf: one connection, one child, one secret.</summary>
    internal static string Connection(End end, string cipher)
    {
        End other = Lab.Other(end);
        return $$"""
            connections {
              tunnel {
                version = 2
                local_addrs = {{Lab.Outer(end)}}
                remote_addrs = {{Lab.Outer(other)}}
                proposals = aes128gcm16-prfsha256-x25519
                local {
                  auth = psk
                  id = {{Lab.Outer(end)}}
                }
                remote {
                  auth = psk
                  id = {{Lab.Outer(other)}}
                }
                children {
                  tunnel {
                    local_ts = {{Lab.Inner(end)}}/32
                    remote_ts = {{Lab.Inner(other)}}/32
                    esp_proposals = {{cipher}}
                  }
                }
              }
            }
            secrets {
              ike-lab {
                secret = "for this lab alone"
              }
            }

            """;
    }

    private static string? MissingPlugin(params ReadOnlySpan<string> plugins)
    {
        foreach (string plugin in plugins)
        {
            if (!File.Exists($"{Plugins}/libstrongswan-{plugin}.so")) return plugin;
        }

        return null;
    }

    private static string Socket(Lab lab, End end) => $"{lab.Folder}/vici-{end}";

    private static void Control(Lab lab, End end, params IEnumerable<string> words) => lab.Run(
        end, "env", [$"STRONGSWAN_CONF={lab.Folder}/strongswan-{end}.conf", "swanctl", .. words, "--uri", $"unix://{Socket(lab, end)}"]);

    private RunningProgram StartDaemon(Lab lab, End end)
    {
        string settings = lab.Write($"strongswan-{end}.conf", Settings(end, lab.Folder));
        lab.RunIp(end, $"address add {Lab.Inner(end)}/32 dev lo"); // traffic selectors ask for it; the route leads into the tunnel
        RunningProgram daemon = lab.Start(
            end, "env", $"STRONGSWAN_CONF={settings}", "unshare", "--mount", "sh", "-c", $"mount -t tmpfs tmpfs /run && exec {Charon}");
        _pids.Add(daemon.Pid);
        return daemon;
    }
}
