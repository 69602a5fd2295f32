using Chasqui.Quick.Reload;

namespace Chasqui.Tests.Quick.Reload;

public sealed class ConfirmWindowTests
{
    private const long Second = 1_000_000_000;
    private const long Deadline = 60 * Second;

    private readonly List<string> _answers = [];
    private long _now;

    [Fact]
    public void ExpiresWhenNobodySaysAnything()
    {
        Assert.Equal(ConfirmOutcome.Expired, Wait());
        Assert.Equal(Deadline, _now);
    }

    [Theory]
    [InlineData("confirm", ConfirmOutcome.Confirmed)]
    [InlineData("undo", ConfirmOutcome.Refused)]
    [InlineData("cancel", ConfirmOutcome.Overtaken)]
    public void EndsWithTheWord(string word, ConfirmOutcome outcome)
    {
        Assert.Equal(outcome, Wait((10 * Second, word)));
        Assert.Equal(["ok"], _answers);
        Assert.Equal(10 * Second, _now);
    }

    [Fact]
    public void TellsWhatIsLeftAndGoesOn()
    {
        Assert.Equal(ConfirmOutcome.Confirmed, Wait((10 * Second, "left"), ((10 * Second) + 1, "left"), (59 * Second, "left"), (60 * Second - 1, "confirm")));
        Assert.Equal(["50", "50", "1", "ok"], _answers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CONFIRM")]
    [InlineData("confirmed")]
    public void NonsenseChangesNothing(string word)
    {
        Assert.Equal(ConfirmOutcome.Expired, Wait((Second, word)));
        Assert.Equal(["unknown"], _answers);
    }

    [Fact]
    public void AWordAtTheVeryEndIsTooLate()
    {
        Assert.Equal(ConfirmOutcome.Expired, Wait((Deadline, "confirm")));
        Assert.Empty(_answers);
    }

    /// <summary>Waits in virtual time, with words that come at their times.</summary>
    private ConfirmOutcome Wait(params (long At, string Word)[] words)
    {
        var queue = new Queue<(long At, string Word)>(words);
        return ConfirmWindow.Wait(Deadline, () => _now, deadline =>
        {
            bool isSaid = queue.TryDequeue(out (long At, string Word) next);
            _now = isSaid ? next.At : deadline;
            return isSaid ? new ConfirmRequest(next.Word, _answers.Add) : null;
        });
    }
}
