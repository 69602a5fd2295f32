using Chasqui.Core.Config;
using Chasqui.Core.Routing;

namespace Chasqui.Core.Checks;

/// <summary>Sections, keys that are there twice or not at all, names, and the comments that mean something.</summary>
internal static class StructureChecks
{
    private static readonly string[] SingleInterfaceKeys =
        [ConfKeys.PrivateKey, ConfKeys.ListenPort, ConfKeys.FwMark, ConfKeys.Mtu, ConfKeys.Table, ConfKeys.SaveConfig];

    private static readonly string[] SinglePeerKeys =
        [ConfKeys.PublicKey, ConfKeys.PresharedKey, ConfKeys.Endpoint, ConfKeys.PersistentKeepalive];

    internal static void Run(CheckedConf conf)
    {
        CheckTitles(conf);
        CheckPrivateKey(conf);
        CheckRepeated(conf, [.. conf.Interfaces.SelectMany(static section => section.Entries)], SingleInterfaceKeys);
        foreach (CheckedPeer peer in conf.Peers)
        {
            CheckRepeated(conf, [.. peer.Section.Entries], SinglePeerKeys);
            CheckFormula(conf, peer);
        }

        CheckNames(conf);
    }

    private static void CheckTitles(CheckedConf conf)
    {
        ConfSection[] interfaces = [.. conf.Interfaces];
        if (interfaces.Length == 0)
        {
            conf.AddAt(
                0, CheckSeverity.Warning, CheckRule.NoInterface, null, "the file has no [Interface] section", "add one with PrivateKey and Address");
        }

        foreach (ConfSection section in interfaces.Skip(1))
        {
            conf.AddAt(
                section.Number,
                CheckSeverity.Warning,
                CheckRule.TwoInterfaces,
                null,
                $"a second [Interface] section adds to the one in line {interfaces[0].Number}",
                "put both into one, or into two files");
        }

        foreach (ConfSection section in interfaces)
        {
            string title = section.Lines.First(line => line.Number == section.Number).Text;
            if (!ConfText.BeforeComment(title).Contains(section.Title, StringComparison.Ordinal))
            {
                conf.AddAt(
                    section.Number,
                    CheckSeverity.Warning,
                    CheckRule.SpacedTitle,
                    null,
                    "the title has white space inside, with which wg-quick does not know it",
                    "write [Interface]");
            }
        }
    }

    private static void CheckPrivateKey(CheckedConf conf)
    {
        bool isWritten = conf.Interfaces.Any(static section => section.Get(ConfKeys.PrivateKey) is not null);
        IEnumerable<QuickValue> hooks = [.. conf.Quick.PreUp, .. conf.Quick.PostUp];
        bool isSetByHook = hooks.Any(static hook => hook.Text.Contains("private-key", StringComparison.Ordinal));
        if (conf.Document.Interface is { } section && !isWritten && !isSetByHook)
        {
            conf.Add(
                CheckSeverity.Warning,
                CheckRule.MissingPrivateKey,
                ConfKeys.PrivateKey,
                section.Number,
                "the interface has no private key, without which it answers nobody",
                "add one that `chasqui genkey' makes, or set it in PostUp");
        }
    }

    private static void CheckRepeated(CheckedConf conf, IReadOnlyList<ConfLine> entries, string[] keys)
    {
        Dictionary<string, ConfLine> last = new(StringComparer.Ordinal);
        foreach (ConfLine line in entries)
        {
            string? key = Array.Find(keys, key => ConfKeys.Equal(key, line.Key));
            if (key is null)
            {
                continue;
            }

            if (last.TryGetValue(key, out ConfLine? before))
            {
                conf.AddAt(
                    before.Number,
                    CheckSeverity.Warning,
                    CheckRule.DuplicateKey,
                    key,
                    $"the key is there again in line {line.Number}, and only the last one counts",
                    "remove one of them");
            }

            last[key] = line;
        }
    }

    private static void CheckNames(CheckedConf conf)
    {
        Dictionary<string, CheckedPeer> named = new(StringComparer.Ordinal);
        foreach (CheckedPeer peer in conf.Peers)
        {
            if (peer.Section.Name is { } name && !named.TryAdd(name, peer))
            {
                conf.Add(
                    CheckSeverity.Warning,
                    CheckRule.NameTwice,
                    peer,
                    ConfSection.NameLabel,
                    peer.Section.Number,
                    $"the peer in line {named[name].Section.Number} has the same name",
                    "rename one of them");
            }
        }
    }

    private static void CheckFormula(CheckedConf conf, CheckedPeer peer)
    {
        if (peer.Section.AllowedIpsFormula is not { } formula)
        {
            return;
        }

        int line = peer.Section.AllowedIpsFormulaLine;
        try
        {
            AllowedIpsExpression expression = AllowedIpsExpression.Parse(formula);
            PrefixSet written = peer.AllowedSet;
            if (!expression.ToSet().SetEquals(written))
            {
                conf.Add(
                    CheckSeverity.Warning,
                    CheckRule.StaleFormula,
                    peer,
                    ConfKeys.AllowedIps,
                    line,
                    $"the comment {ConfText.Quote(formula)} comes to other prefixes than the AllowedIPs beside it",
                    "put what `chasqui ips' prints for it there, or remove the comment");
            }
        }
        catch (ConfigException exception)
        {
            conf.Add(
                CheckSeverity.Warning,
                CheckRule.StaleFormula,
                peer,
                ConfKeys.AllowedIps,
                line,
                $"the comment is no arithmetic of prefixes: {exception.Reason.TrimEnd('.')}",
                null);
        }
    }
}
