using System.Text;
using Chasqui.Core.Checks;
using Chasqui.Core.Config;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>The linter of configuration files.</summary>
internal sealed class CheckTarget : IFuzzTarget
{
    private const string Interface = """
        [Interface]
        PrivateKey = YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
        Address = 10.8.0.1/24, fd00::1/64
        MTU = 1420
        DNS = 1.1.1.1, lan
        Table = auto
        PostUp = true # x

        """;

    private const string Peer = """
        [Peer] # office
        PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
        PresharedKey = FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=
        # AllowedIPs = 0.0.0.0/0 - 128.0.0.0/1
        AllowedIPs = 0.0.0.0/1, 10.0.0.1/8
        Endpoint = vpn.example:51820
        PersistentKeepalive = 25

        """;

    private const int AgainOneIn = 4;

    private static readonly string[] Secrets = ["YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk", "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE"];

    public string Name => "check";

    public string Summary => "ConfCheck over any two files: an error where the readers refuse, the same each time, in one line, and no secret told";

    public int MaxLength => 450; // a mistake costs an exception in every reader: short files have fewer

    public IReadOnlyList<byte[]> Seeds { get; } = [.. new[] { Interface, Peer, Interface + Peer, Interface + "\u0001" + Interface, Peer + "\u0001" + Interface + Peer }.Select(Encoding.ASCII.GetBytes)];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [.. (Interface + Peer).Split('\n').Select(static line => line + "\n").Concat(["\u0001", "SaveConfig = ", "FwMark = ", "ListenPort = ", "# Name = ", "::/0", "\0"]).Select(Encoding.ASCII.GetBytes)];

    public void Run(ReadOnlySpan<byte> input)
    {
        string[] texts = ConfEncoding.Decode(input).Split('\u0001', 2);
        CheckSubject[] subjects = [.. texts.Select(static (text, i) => new CheckSubject { Text = text, File = $"wg{i}.conf", Facts = default(CheckFileFacts) })];

        IReadOnlyList<CheckFinding> findings = ConfCheck.Run(subjects);

        if (input.Length % AgainOneIn == 0)
        {
            Check.Same(string.Join('\n', ConfCheck.Run(subjects)), string.Join('\n', findings));
        }

        foreach (CheckFinding finding in findings)
        {
            string told = finding.ToString();
            Check.That(!told.Any(static c => char.IsControl(c) || char.IsSurrogate(c)));
            Check.That(finding.Problem.Length > 0);
            Check.That(Secrets.All(secret => !told.Contains(secret, StringComparison.Ordinal) || texts.Any(text => IsGivenAsPublic(text, secret))), "no secret is told");
        }

        foreach (CheckSubject subject in subjects)
        {
            bool isRefused = findings.Any(finding => finding.File == subject.File && finding.Rule < CheckRule.BadAddress);
            Check.That(isRefused != IsTaken(subject.Text));
        }
    }

    /// <summary>Whether a file calls a key public, which may be told. Stock takes white space anywhere in a line.</summary>
    private static bool IsGivenAsPublic(string text, string key) => text.Split('\n')
        .Select(static line => string.Concat(line.Where(static c => !char.IsWhiteSpace(c))))
        .Any(line => line.StartsWith("PublicKey", StringComparison.OrdinalIgnoreCase) && line.Contains(key, StringComparison.Ordinal));

    private static bool IsTaken(string text)
    {
        try
        {
            WgConf.Parse(QuickConf.Parse(text, null).Strip(), new WgConfOptions()).Dispose();
            return true;
        }
        catch (ConfigException)
        {
            return false;
        }
    }
}
