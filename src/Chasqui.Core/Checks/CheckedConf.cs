using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Checks;

/// <summary>A file under check: as stock's two programs read it to its end, as a document, and what was found.</summary>
/// <remarks>Ownership: holds secrets, which <see cref="Dispose"/> zeroes.</remarks>
internal sealed class CheckedConf : IDisposable
{
    private const string InterfaceLabel = "Interface";

    private readonly List<CheckFinding> _findings = [];
    private readonly List<ConfigException> _mistakes = [];
    private readonly Dictionary<ConfSection, CheckedPeer> _peers = [];

    internal CheckedConf(CheckSubject subject)
    {
        Subject = subject;

        // As the script reads it: a zero character is not there.
        string text = subject.Text.Replace("\0", "", StringComparison.Ordinal);
        Document = ConfDocument.Parse(text);
        Quick = QuickConf.Parse(text, subject.File, _mistakes.Add);
        Conf = WgConf.Parse(Quick.StripInPlace(), new WgConfOptions
        {
            File = subject.File,
            Services = subject.Services,
            Endpoints = endpoint => EndpointChecks.Resolve(endpoint, subject.Services),
            Mistakes = _mistakes.Add,
        });
        Peers = FindPeers();
        OwnKey = Conf.PrivateKey is { IsZero: false } key ? key.DerivePublicKey() : null;
        Addresses = [.. Quick.Addresses.Where(static value => QuickAddress.TryParse(value.Text, out _))
            .Select(static value => new CheckedPrefix(QuickAddress.TryParse(value.Text, out QuickAddress address) ? address : default, value.Line))];
    }

    internal CheckSubject Subject { get; }

    internal ConfDocument Document { get; }

    internal QuickConf Quick { get; }

    internal WgConf Conf { get; }

    internal IReadOnlyList<CheckedPeer> Peers { get; }

    /// <summary>The public key of the interface; null if it has no private key.</summary>
    internal PublicKey? OwnKey { get; }

    /// <summary>The addresses of the interface that can be read.</summary>
    internal IReadOnlyList<CheckedPrefix> Addresses { get; }

    internal IReadOnlyList<CheckFinding> Findings => _findings;

    /// <summary>What stock refuses.</summary>
    internal IReadOnlyList<ConfigException> Mistakes => _mistakes;

    internal IEnumerable<ConfSection> Interfaces => Document.Sections.Where(static section => section.Kind == ConfSectionKind.Interface);

    /// <summary>The line of the interface's value that counts; its title's if there is none, 0 without a title.</summary>
    internal int InterfaceLineOf(string key) =>
        Interfaces.SelectMany(static section => section.Entries).LastOrDefault(line => ConfKeys.Equal(line.Key, key))?.Number
        ?? Document.Interface?.Number ?? 0;

    /// <summary>How findings in another file call this one.</summary>
    internal string Reference => Subject.File is { } file ? ConfText.Clean(file) : "the other file";

    public void Dispose() => Conf.Dispose();

    /// <summary>A finding about the interface.</summary>
    internal void Add(CheckSeverity severity, CheckRule rule, string key, int line, string problem, string? remedy) =>
        AddTo(InterfaceLabel, severity, rule, key, line, problem, remedy);

    /// <summary>A finding about a peer, in the line of a key.</summary>
    internal void Add(CheckSeverity severity, CheckRule rule, CheckedPeer peer, string key, string problem, string? remedy) =>
        AddTo(peer.Label, severity, rule, key, peer.LineOf(key), problem, remedy);

    /// <summary>A finding about a peer, in any line.</summary>
    internal void Add(CheckSeverity severity, CheckRule rule, CheckedPeer peer, string key, int line, string problem, string? remedy) =>
        AddTo(peer.Label, severity, rule, key, line, problem, remedy);

    /// <summary>A finding about the file, or about a line in whatever section.</summary>
    internal void AddAt(int line, CheckSeverity severity, CheckRule rule, string? key, string problem, string? remedy) =>
        AddTo(line == 0 ? null : SectionAt(line), severity, rule, key, line, problem, remedy);

    private void AddTo(string? section, CheckSeverity severity, CheckRule rule, string? key, int line, string problem, string? remedy) =>
        _findings.Add(new CheckFinding
        {
            File = Subject.File,
            Line = line,
            Severity = severity,
            Rule = rule,
            Section = section,
            Key = key,
            Problem = problem,
            Remedy = remedy,
        });

    private string? SectionAt(int line)
    {
        IReadOnlyList<ConfSection> sections = Document.Sections;
        int low = 0, high = sections.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sections[middle].Number <= line ? (middle + 1, high) : (low, middle);
        }

        ConfSection? section = low == 0 ? null : sections[low - 1];
        return section?.Kind switch
        {
            ConfSectionKind.Interface => InterfaceLabel,
            ConfSectionKind.Peer => _peers.GetValueOrDefault(section)?.Label ?? "Peer",
            _ => null,
        };
    }

    private List<CheckedPeer> FindPeers()
    {
        Dictionary<int, ConfSection> sections = [];
        foreach (ConfSection section in Document.Peers)
        {
            sections[section.Number] = section;
        }

        List<CheckedPeer> peers = [];
        foreach (WgConfPeer peer in Conf.Peers)
        {
            if (sections.TryGetValue(peer.Line, out ConfSection? section))
            {
                _peers[section] = new CheckedPeer(peer, section);
                peers.Add(_peers[section]);
            }
        }

        return peers;
    }
}
