using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Scripts;
using Chasqui.Core.Wire;

namespace Chasqui.Core.RouterOs;

/// <summary>What a configuration says and RouterOS's commands do not.</summary>
internal sealed class RouterOsLosses(TunnelEnd end)
{
    private readonly List<string> _found = [];

    internal void AddPeer(TunnelEndPeer peer, string sentence) =>
        _found.Add(string.Create(CultureInfo.InvariantCulture, $"line {peer.Line}: {peer.Title}: {sentence}"));

    internal void AddDefaultRoute(IpPrefix prefix) =>
        _found.Add($"AllowedIPs: the route for {prefix} is a comment in the commands, so that nobody is locked out; decide there.");

    /// <summary>All of it: what was met on the way, and what RouterOS has no place for.</summary>
    internal IReadOnlyList<string> List()
    {
        AddValues(ConfKeys.Dns, [.. end.Quick.Dns, .. end.Quick.DnsSearch], "RouterOS has one resolver for all interfaces; see /ip/dns/set.");
        if (end.Quick.Table is { } table)
        {
            string sentence = end.Quick.IsTableOff
                ? "RouterOS adds no routes by itself; the commands have none."
                : "the commands have no routes; add the table with /routing/table, and the routes to it.";
            AddValues(ConfKeys.Table, [table], sentence);
        }

        const string NoHooks = "RouterOS runs no commands of another system.";
        AddValues(ConfKeys.PreUp, end.Quick.PreUp, NoHooks);
        AddValues(ConfKeys.PostUp, end.Quick.PostUp, NoHooks);
        AddValues(ConfKeys.PreDown, end.Quick.PreDown, NoHooks);
        AddValues(ConfKeys.PostDown, end.Quick.PostDown, NoHooks);
        if (end.FwMark is { } mark)
        {
            _found.Add(string.Create(CultureInfo.InvariantCulture, $"FwMark: 0x{mark:x}: RouterOS has vrf= of the interface for this; set it by hand."));
        }

        AddOverlaps();
        return _found;
    }

    private void AddValues(string key, IReadOnlyList<QuickValue> values, string sentence)
    {
        foreach (QuickValue value in values)
        {
            _found.Add($"{TunnelEnd.Place(value.Line, key)}{ConfText.Quote(value.Text)}: {sentence}");
        }
    }

    /// <summary>RouterOS's manual forbids what longest-prefix routing allows.</summary>
    private void AddOverlaps()
    {
        List<(IpPrefix Prefix, TunnelEndPeer Peer)> owned = [];
        foreach (TunnelEndPeer peer in end.Peers)
        {
            owned.AddRange(peer.AllowedIps.Select(prefix => (prefix, peer)));
        }

        owned.Sort(static (left, right) => Compare(left.Prefix, right.Prefix));
        var outer = new Stack<(IpPrefix Prefix, TunnelEndPeer Peer)>();
        foreach ((IpPrefix prefix, TunnelEndPeer peer) in owned)
        {
            while (outer.TryPeek(out var top) && !TunnelEnd.Covers(top.Prefix, prefix))
            {
                _ = outer.Pop();
            }

            if (outer.TryPeek(out var wider) && wider.Peer != peer)
            {
                AddPeer(peer, $"{prefix} lies in {wider.Prefix} of {wider.Peer.Title}; RouterOS may refuse peers that overlap.");
            }

            outer.Push((prefix, peer));
        }
    }

    private static int Compare(IpPrefix left, IpPrefix right)
    {
        int order = left.Address.Bits.CompareTo(right.Address.Bits);
        order = order != 0 ? order : left.Address.High.CompareTo(right.Address.High);
        order = order != 0 ? order : left.Address.Low.CompareTo(right.Address.Low);
        return order != 0 ? order : left.Length.CompareTo(right.Length);
    }
}
