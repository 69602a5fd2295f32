using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class InitiationViewTests
{
    [Fact]
    public void LaysTheHeaderOfTheWhitepaper()
    {
        byte[] buffer = new byte[200];
        Array.Fill(buffer, (byte)0xee);

        InitiationView view = InitiationView.Begin(buffer, new SessionIndex(0x11223344));

        Assert.Equal("0100000044332211eeee", Convert.ToHexStringLower(buffer.AsSpan(0, 10)));
        Assert.Equal(148, view.Bytes.Length);
        Assert.True(InitiationView.TryRead(buffer.AsSpan(0, 148), out InitiationView read));
        Assert.Equal(new SessionIndex(0x11223344), read.Sender);
    }

    [Fact]
    public void FieldsLieOneAfterTheOther()
    {
        byte[] buffer = new byte[148];
        InitiationView view = InitiationView.Begin(buffer, default);
        view.Ephemeral.Fill(1);
        view.SealedStatic.Fill(2);
        view.SealedTimestamp.Fill(3);
        view.Mac1.Fill(4);
        view.Mac2.Fill(5);

        byte[] expected =
        [
            .. new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 },
            .. Enumerable.Repeat((byte)1, 32), .. Enumerable.Repeat((byte)2, 48), .. Enumerable.Repeat((byte)3, 28),
            .. Enumerable.Repeat((byte)4, 16), .. Enumerable.Repeat((byte)5, 16),
        ];
        Assert.Equal(expected, buffer);
    }

    [Fact]
    public void MacsCoverWhatComesBeforeThem()
    {
        byte[] buffer = new byte[148];
        InitiationView view = InitiationView.Begin(buffer, default);

        Assert.True(view.MacCovered1.SequenceEqual(buffer.AsSpan(0, 116)));
        Assert.True(view.MacCovered2.SequenceEqual(buffer.AsSpan(0, 132)));
        Assert.Equal(116, view.MacCovered1.Length);
        Assert.Equal(132, view.MacCovered2.Length);
    }

    [Fact]
    public void BeginNeedsRoomForTheWholeMessage() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => InitiationView.Begin(new byte[147], default));
}
