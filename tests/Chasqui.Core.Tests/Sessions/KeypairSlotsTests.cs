using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Sessions;

/// <summary>The kernel's transitions as a table: which pairs lie in previous, current and next, and which go.</summary>
public sealed class KeypairSlotsTests
{
    /// <summary>
    /// Slots are written previous-current-next, '.' for empty. "i" puts a new initiator's pair X in, "r" a responder's, "c" confirms next.
    /// Previous and next are never both there: each step that fills one of them empties the other.
    /// Source: the kernel's add_new_keypair and wg_noise_received_with_keypair.
    /// </summary>
    [Theory]
    [InlineData("...", 'i', ".X.", "")]
    [InlineData(".C.", 'i', "CX.", "")]
    [InlineData("PC.", 'i', "CX.", "P")]
    [InlineData("..N", 'i', "NX.", "")]
    [InlineData(".CN", 'i', "NX.", "C")]
    [InlineData("...", 'r', "..X", "")]
    [InlineData(".C.", 'r', ".CX", "")]
    [InlineData("PC.", 'r', ".CX", "P")]
    [InlineData("..N", 'r', "..X", "N")]
    [InlineData(".CN", 'r', ".CX", "N")]
    [InlineData("..N", 'c', ".N.", "")]
    [InlineData(".CN", 'c', "CN.", "")]
    public void EveryTransitionIsTheKernels(string before, char step, string after, string retired)
    {
        Dictionary<char, Keypair> pairs = MakePairs(step == 'i');
        KeypairSlots slots = Fill(before, pairs);
        List<Keypair?> gone = [];
        if (step == 'c')
        {
            Assert.True(slots.TryConfirm(pairs['N'], out Keypair? old));
            gone.Add(old);
        }
        else
        {
            (Keypair? first, Keypair? second) = slots.Add(pairs['X']);
            gone.AddRange([first, second]);
        }

        Assert.Equal(after, Show(slots, pairs));
        Assert.Equal(retired, string.Concat(gone.Where(k => k is not null).Select(k => NameOf(k, pairs)).OrderBy(c => "PCN".IndexOf(c))));
    }

    [Fact]
    public void OnlyTheNextPairIsConfirmed()
    {
        Dictionary<char, Keypair> pairs = MakePairs(false);
        KeypairSlots slots = Fill(".CN", pairs);

        Assert.False(slots.TryConfirm(pairs['C'], out _));
        Assert.False(slots.TryConfirm(pairs['X'], out _));
        Assert.Equal(".CN", Show(slots, pairs));
        Assert.True(slots.TryConfirm(pairs['N'], out _));
        Assert.False(slots.TryConfirm(pairs['N'], out _));
        Assert.Equal("CN.", Show(slots, pairs));
    }

    [Fact]
    public void ExpiryStopsSendingOnCurrentAndNextAndEmptiesNothing()
    {
        Dictionary<char, Keypair> pairs = MakePairs(false);
        KeypairSlots slots = Fill(".CN", pairs);
        slots.ExpireSending();

        Assert.False(pairs['C'].IsSendingValid);
        Assert.False(pairs['N'].IsSendingValid);
        Assert.Equal(".CN", Show(slots, pairs));
    }

    [Theory]
    [InlineData(".CN")]
    [InlineData("PC.")]
    public void ClearHandsEverythingBack(string state)
    {
        Dictionary<char, Keypair> pairs = MakePairs(false);
        KeypairSlots slots = Fill(state, pairs);
        (Keypair? previous, Keypair? current, Keypair? next) = slots.Clear();

        Assert.Equal(state, string.Concat(NameOf(previous, pairs), NameOf(current, pairs), NameOf(next, pairs)));
        Assert.Equal("...", Show(slots, pairs));
    }

    /// <summary>Reaches a state by the steps that lead to it: the slots have no setters.</summary>
    private static KeypairSlots Fill(string state, Dictionary<char, Keypair> pairs)
    {
        var slots = default(KeypairSlots);
        foreach (char name in state.Where(c => c != '.'))
        {
            slots.Add(pairs[name]);
        }

        Assert.Equal(state, Show(slots, pairs));
        return slots;
    }

    private static string Show(in KeypairSlots slots, Dictionary<char, Keypair> pairs) =>
        string.Concat(NameOf(slots.Previous, pairs), NameOf(slots.Current, pairs), NameOf(slots.Next, pairs));

    private static char NameOf(Keypair? keypair, Dictionary<char, Keypair> pairs) =>
        keypair is null ? '.' : pairs.First(p => p.Value == keypair).Key;

    private static Dictionary<char, Keypair> MakePairs(bool isNewInitiator) =>
        new() { ['P'] = Make(true), ['C'] = Make(true), ['N'] = Make(false), ['X'] = Make(isNewInitiator) };

    private static Keypair Make(bool isInitiator) =>
        new(new byte[32], new byte[32], new SessionIndex(1), new SessionIndex(2), isInitiator, new Instant(0));
}
