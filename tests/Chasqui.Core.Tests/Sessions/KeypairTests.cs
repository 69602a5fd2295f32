using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Sessions;

public sealed class KeypairTests
{
    private static readonly Instant Birth = new(1_000_000_000);

    [Fact]
    public void RetiredWhileInUseItsKeysLiveUntilTheLastRelease()
    {
        Keypair keypair = Make();
        Assert.True(keypair.TryAcquire());
        Assert.True(keypair.TryAcquire());

        keypair.Dispose();
        Assert.True(CanSeal(keypair));
        keypair.Release();
        Assert.True(CanSeal(keypair));
        keypair.Release();
        Assert.False(CanSeal(keypair));
    }

    [Fact]
    public void RetiredWhileIdleItsKeysAreZeroedAtOnce()
    {
        Keypair keypair = Make();
        keypair.Dispose();

        Assert.False(CanSeal(keypair));
    }

    [Fact]
    public void ARetiredPairTakesNoNewUsersAndARefusedOneDoesNotKeepItAlive()
    {
        Keypair keypair = Make();
        Assert.True(keypair.TryAcquire());
        keypair.Dispose();
        Assert.False(keypair.TryAcquire());
        Assert.False(keypair.TryAcquire());
        Assert.True(CanSeal(keypair)); // the first user still has it
        keypair.Release();

        Assert.False(CanSeal(keypair));
    }

    [Fact]
    public void ItMayBeRetiredTwice()
    {
        Keypair keypair = Make();
        Assert.True(keypair.TryAcquire());
        keypair.Dispose();
        keypair.Dispose();
        Assert.True(CanSeal(keypair));
        keypair.Release();
        keypair.Dispose();

        Assert.False(CanSeal(keypair));
        Assert.False(keypair.CanSend(Birth, 1));
    }

    [Fact]
    public void AnOpenerOfARetiredPairFindsNothingAuthentic()
    {
        Keypair keypair = Make();
        byte[] buffer = new byte[32];
        PacketSlot[] slots = [new PacketSlot { Length = 16, IsAuthentic = true }];
        keypair.Dispose();
        keypair.Open(buffer, slots);

        Assert.False(slots[0].IsAuthentic);
    }

    [Theory]
    [InlineData(179.9999999, true)]
    [InlineData(180, false)]
    [InlineData(180.0000001, false)]
    public void ItSendsAndReceivesUntilRejectAfterTime(double seconds, bool expected)
    {
        using Keypair keypair = Make();
        Instant now = Birth + TimeSpan.FromSeconds(seconds);

        Assert.Equal(expected, keypair.CanReceive(now));
        Assert.Equal(expected, keypair.CanSend(now, 1));
    }

    [Theory]
    [InlineData(ProtocolConstants.RejectAfterMessages - 2, 2, true)]
    [InlineData(ProtocolConstants.RejectAfterMessages - 1, 1, true)]
    [InlineData(ProtocolConstants.RejectAfterMessages - 1, 2, false)]
    [InlineData(ProtocolConstants.RejectAfterMessages, 1, false)]
    public void ItSendsUntilRejectAfterMessages(ulong counter, int packets, bool expected)
    {
        using Keypair keypair = Make();
        keypair.SendCounter = counter;

        Assert.Equal(expected, keypair.CanSend(Birth, packets));
    }

    [Fact]
    public void OnceItMayNotSendItNeverMayAgain()
    {
        using Keypair keypair = Make();
        Assert.False(keypair.CanSend(Birth + ProtocolConstants.RejectAfterTime, 1));

        Assert.False(keypair.CanSend(Birth, 1));
    }

    [Fact]
    public void ManyThreadsAcquireAndReleaseWhileItIsRetired()
    {
        for (int round = 0; round < 200; round++)
        {
            Keypair keypair = Make();
            int sealedUnderNoKey = 0;
            Parallel.Invoke(
                () => Use(keypair, ref sealedUnderNoKey),
                () => Use(keypair, ref sealedUnderNoKey),
                keypair.Dispose);

            Assert.Equal(0, sealedUnderNoKey);
            Assert.False(CanSeal(keypair));
        }
    }

    private static void Use(Keypair keypair, ref int sealedUnderNoKey)
    {
        for (int i = 0; i < 20 && keypair.TryAcquire(); i++)
        {
            if (!CanSeal(keypair))
            {
                Interlocked.Increment(ref sealedUnderNoKey);
            }

            keypair.Release();
        }
    }

    private static bool CanSeal(Keypair keypair)
    {
        try
        {
            keypair.Seal(new byte[16], new PacketSlot[1]);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private static Keypair Make()
    {
        byte[] key = new byte[32];
        key[0] = 1;
        return new Keypair(key, key, new SessionIndex(1), new SessionIndex(2), isInitiator: true, Birth);
    }
}
