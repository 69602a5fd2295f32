using System.Buffers;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.RouterOs;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>RouterOS scripts.</summary>
internal sealed class RouterOsTarget : IFuzzTarget
{
    private const string Key = "kO3Vn4dpfBJ8vMXX3GQzQ5Kq2cCvFzvVvGxHk7HkQGk=";

    private static readonly SearchValues<char> ShellCharacters = SearchValues.Create(";$`|&<>\n");

    public string Name => "routeros";

    public string Summary => "RouterOS scripts: written again they say the same, and what is made of them are files that both stock tools take";

    public int MaxLength => 800;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            $"# 2024-06-06 15:22:31 by RouterOS 7.14.2\n/interface wireguard\nadd listen-port=13231 mtu=1420 name=wg1\n/interface wireguard peers\n"
                + $"add allowed-address=10.0.0.2/32,0.0.0.0/0 comment=\"a\\\n    b\\FC\" endpoint-address=h endpoint-port=5 interface=wg1 name=peer1 \\\n"
                + $"    persistent-keepalive=1m public-key=\\\n    \"{Key}\" preshared-key=\"{Key}\"\n/ip address\nadd address=10.0.0.1/24 interface=wg1\n"
                + "/ip route\nadd dst-address=10.0.0.0/8 gateway=wg1\n",
            $"/interface/wireguard/add name=wg1;/interface/wireguard/peers/add interface=wg1 disabled=yes private-key=\"{Key}\" client-dns=1.1.1.1\n"
                + "/interface/wireguard/peers/set [find interface=wg1] comment=\"x # y\"\n/ipv6/address/add address=fd00::1 interface=wg1\n",
            "/interface ethernet set [ find default-name=ether1 ] !comment name=\"[0] WAN\"\n:local a $b\n{ :put \"\\24\" }\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "/interface/wireguard", "/interface/wireguard/peers", "/ip/address", "/ipv6/route", "add ", "set ", "remove ", "name=", "interface=wg1 ", "comment=",
            "disabled=yes ", "public-key=", $"\"{Key}\"", "allowed-address=", "0.0.0.0/0", "::/0", "endpoint-address=", "endpoint-port=5 ", "\\\n    ", "\\0D",
            "\\\"", "[find ", "]", "{", "}", "\"", ";", "\r\n", "#", "!", "$", "gateway=wg1 ", "dst-address=", "client-mtu=1 ", "0 ", "[Peer]",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        string text = ConfEncoding.Decode(input);
        _ = RouterOsImport.IsScript(text);
        try
        {
            CheckAgain(RouterOsReader.Read(text));
            foreach (RouterOsInterface known in RouterOsImport.Read(text).Interfaces)
            {
                CheckFile(known);
            }
        }
        catch (ConfigException exception)
        {
            // A sentence that a terminal can show.
            Check.That(exception.Message.All(static c => !char.IsControl(c)));
        }
    }

    private static void CheckAgain(RouterOsReader first)
    {
        RouterOsReader second = RouterOsReader.Read(string.Join('\n', first.Commands));
        Check.That(second.Notes.Count == 0, "what was understood is understood again");
        Check.Same(Words(second), Words(first));
    }

    private static string Words(RouterOsReader reader) => string.Join('\n', reader.Commands.Select(static command =>
        $"{command.Menu} {command.Verb} {string.Join(' ', command.Words.Select(static word => $"{word.Name} {word.Kind} {word.Value}"))}"));

    private static void CheckFile(RouterOsInterface known)
    {
        Check.That(QuickConfName.IsInterfaceName(known.Name));
        QuickConf quick = QuickConf.Parse(known.Conf, null);
        _ = quick.ReadAddresses();
        _ = quick.ReadMtu();
        WgConf.Parse(quick.StripInPlace(), new WgConfOptions()).Dispose();
        Check.That(quick.PreUp.Count + quick.PreDown.Count + quick.PostDown.Count + quick.Dns.Count + quick.DnsSearch.Count == 0);
        Check.That(quick.PostUp.All(static hook => hook.Text.StartsWith("ip -", StringComparison.Ordinal)
            && hook.Text.EndsWith(" dev %i", StringComparison.Ordinal) && !hook.Text.AsSpan().ContainsAny(ShellCharacters)));

        // Whatever came in, what goes out again has our commands only.
        RouterOsReader script = RouterOsReader.Read(RouterOsWriter.Write(known.OriginalName, known.Conf).Text);
        Check.That(script.Notes.All(static note => note.Sentence.Contains("`:put'", StringComparison.Ordinal)));
        Check.That(script.Commands.All(static command => command.Verb is "add" or "set" or "move"));
    }
}
