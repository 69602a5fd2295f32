using System.Buffers.Binary;
using System.Security.Cryptography;
using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

public sealed class PacketAeadTests
{
    private const int Gap = 7; // unused bytes between packets: they must stay as they are, and make offsets odd

    /// <summary>Bits of a vector; 0 is the portable path.</summary>
    public static TheoryData<int> Paths => [0, 256, 512];

    [Theory]
    [MemberData(nameof(Paths))]
    public void SealsAndOpensEveryLengthTo2100AloneAsTheFrameworkDoes(int vectorBits)
    {
        using var peer = new Peer(vectorBits, seed: 1);
        for (int length = 0; length <= 2100; length++)
        {
            peer.RoundTrip([length]);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void SealsAndOpensEveryLengthTo2100InSixteensAsTheFrameworkDoes(int vectorBits)
    {
        using var peer = new Peer(vectorBits, seed: 8);
        for (int length = 0; length <= 2100; length++)
        {
            int[] lengths = new int[16];
            Array.Fill(lengths, length);
            peer.RoundTrip(lengths);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void SealsAndOpensEveryLengthTo2100InEightsAsTheFrameworkDoes(int vectorBits)
    {
        using var peer = new Peer(vectorBits, seed: 2);
        for (int length = 0; length <= 2100; length++)
        {
            peer.RoundTrip([length, length, length, length, length, length, length, length]);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void SealsAndOpensMixedBatchesAsTheFrameworkDoes(int vectorBits)
    {
        using var peer = new Peer(vectorBits, seed: 3);
        for (int round = 0; round < 400; round++)
        {
            int longest = round % 20 == 0 ? 9000 : round % 3 == 0 ? 200 : 1500;
            int[] lengths = new int[peer.Random.Next(0, 20)];
            for (int i = 0; i < lengths.Length; i++)
            {
                lengths[i] = peer.Random.Next(longest + 1);
            }

            peer.RoundTrip(lengths);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void SealsAndOpensOneSizeInEveryBatchTo40(int vectorBits)
    {
        using var peer = new Peer(vectorBits, seed: 4);
        for (int count = 0; count <= 40; count++)
        {
            int[] lengths = new int[count];
            Array.Fill(lengths, 300 + count);

            peer.RoundTrip(lengths);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void SealsAndOpensTextsBeyond65535Bytes(int vectorBits)
    {
        using var peer = new Peer(vectorBits, seed: 5);

        peer.RoundTrip([65535, 0, 65536, 200_001]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void UsesAll64BitsOfTheCounter(int vectorBits)
    {
        using var peer = new Peer(vectorBits, seed: 6);
        ulong[] counters = [0, 1, uint.MaxValue, 1UL << 32, (1UL << 32) + 1, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue];

        peer.RoundTrip([100, 100, 100, 100, 100, 100, 100, 100], counters);
        peer.RoundTrip([0, 700, 64, 63, 65, 1420, 512, 16], counters);
        foreach (ulong counter in counters)
        {
            peer.RoundTrip([1420], [counter]);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void RefusesOneForgedPacketAndOpensTheOthers(int vectorBits)
    {
        using var peer = new Peer(vectorBits, seed: 7);
        for (int round = 0; round < 1500; round++)
        {
            bool oneSize = round % 2 == 0;
            int[] lengths = new int[oneSize ? 8 : peer.Random.Next(1, 19)];
            int size = peer.Random.Next(300);
            for (int i = 0; i < lengths.Length; i++)
            {
                lengths[i] = oneSize ? size : peer.Random.Next(round % 10 == 1 ? 1500 : 150);
            }

            peer.ForgeOne(lengths);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void RefusesEveryFlippedBitOfAPacket(int vectorBits)
    {
        using PacketAead aead = Peer.Create(new byte[32], vectorBits);
        const int Length = 33;
        byte[] packet = new byte[Length + 16];
        aead.Seal(packet, [new PacketSlot { Length = Length, Counter = 5 }]);
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            byte[] forged = [.. packet];
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] before = [.. forged];
            PacketSlot[] slots = [new PacketSlot { Length = Length, Counter = 5, IsAuthentic = true }];

            aead.Open(forged, slots);

            Assert.False(slots[0].IsAuthentic, $"bit {bit}");
            Assert.Equal(before, forged);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void RefusesAnotherCounterAndAnotherKey(int vectorBits)
    {
        using PacketAead aead = Peer.Create(new byte[32], vectorBits), other = Peer.Create([1, .. new byte[31]], vectorBits);
        byte[] packet = new byte[100 + 16];
        PacketSlot[] slots = [new PacketSlot { Length = 100, Counter = 5 }];
        aead.Seal(packet, slots);

        other.Open(packet, slots);
        Assert.False(slots[0].IsAuthentic);

        slots[0].Counter = 6;
        aead.Open(packet, slots);
        Assert.False(slots[0].IsAuthentic);

        slots[0].Counter = 5;
        aead.Open(packet, slots);
        Assert.True(slots[0].IsAuthentic);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(0, -1)]
    [InlineData(int.MinValue, int.MinValue)]
    [InlineData(-16, 0)]
    [InlineData(0, -16)]
    [InlineData(0, 85)] // one byte too few for the tag
    [InlineData(85, 0)]
    [InlineData(100, 0)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(0, int.MaxValue)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void RefusesSlotsOutsideTheBufferAndWritesNothing(int offset, int length)
    {
        foreach (int vectorBits in (int[])[0, 256, 512])
        {
            if (vectorBits > PacketAead.WidestVector) continue;
            using PacketAead aead = Peer.Create(new byte[32], vectorBits);
            byte[] buffer = new byte[100];
            PacketSlot[] slots = [new PacketSlot { Length = 10 }, new PacketSlot { Offset = offset, Length = length }];
            slots[0].IsAuthentic = slots[1].IsAuthentic = true;

            Assert.Throws<ArgumentOutOfRangeException>(() => aead.Seal(buffer, slots));
            Assert.Throws<ArgumentOutOfRangeException>(() => aead.Open(buffer, slots));

            Assert.All(buffer, b => Assert.Equal(0, b));
            Assert.All(slots, slot => Assert.True(slot.IsAuthentic));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void AcceptsAPacketThatFillsTheBufferAndAnEmptyBatch(int vectorBits)
    {
        using PacketAead aead = Peer.Create(new byte[32], vectorBits);
        byte[] buffer = new byte[100];
        PacketSlot[] slots = [new PacketSlot { Length = 84 }];

        aead.Seal([], []);
        aead.Open([], []);
        aead.Seal(buffer, slots);
        aead.Open(buffer, slots);

        Assert.True(slots[0].IsAuthentic);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void RefusesKeysOfAnotherLength(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PacketAead(new byte[length]));

    [Theory]
    [MemberData(nameof(Paths))]
    public void NeverSealsNorBelievesAnythingAfterDispose(int vectorBits)
    {
        PacketAead aead = Peer.Create([1, .. new byte[31]], vectorBits);
        using PacketAead zeros = Peer.Create(new byte[32], vectorBits);
        byte[] buffer = new byte[64];
        PacketSlot[] slots = [new PacketSlot { Length = 48 }];
        zeros.Seal(buffer, slots); // what a stranger would send, hoping that the key is zeroed
        byte[] before = [.. buffer];
        slots[0].IsAuthentic = true;

        aead.Dispose();
        aead.Dispose();

        Assert.Throws<ObjectDisposedException>(() => aead.Seal(buffer, slots));
        aead.Open(buffer, slots);
        Assert.False(slots[0].IsAuthentic);
        Assert.Equal(before, buffer);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void AllocatesNothing(int vectorBits)
    {
        using PacketAead aead = Peer.Create(new byte[32], vectorBits);
        byte[] buffer = new byte[19 * 1500];
        PacketSlot[] slots = new PacketSlot[19];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = new PacketSlot { Offset = i * 1500, Length = i < 8 ? 300 : 40 * i, Counter = (ulong)i };
        }

        long allocated = Heap.LeastAllocatedBy(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                aead.Seal(buffer, slots.AsSpan(0, 1 + (i % 19)));
                aead.Open(buffer, slots.AsSpan(0, 1 + (i % 19)));
            }
        });

        Assert.Equal(0, allocated);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void ThreadsShareOneKey(int vectorBits)
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        using PacketAead aead = Peer.Create(key, vectorBits);
        int wrong = 0;

        Parallel.For(0, 200, round =>
        {
            byte[] buffer = new byte[8 * 200], expected = [.. buffer];
            PacketSlot[] slots = new PacketSlot[8];
            for (int i = 0; i < 8; i++)
            {
                slots[i] = new PacketSlot { Offset = i * 200, Length = 184 - (round % 2 * i), Counter = (ulong)((round * 8) + i) };
            }

            aead.Seal(buffer, slots);
            aead.Open(buffer, slots);
            for (int i = 0; i < 8; i++)
            {
                bool isPlain = buffer.AsSpan(i * 200, slots[i].Length).SequenceEqual(expected.AsSpan(0, slots[i].Length));
                if (!slots[i].IsAuthentic || !isPlain) Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    /// <summary>One PacketAead and the framework's class under the same key, and the layouts that both work on.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly int _seed;
        private readonly PacketAead _aead;
        private readonly ChaCha20Poly1305 _framework;

        public Peer(int vectorBits, int seed)
        {
            Assert.SkipUnless(ChaCha20Poly1305.IsSupported, "this machine's cryptographic library has no ChaCha20-Poly1305");
            _seed = seed;
            Random = new Random(seed);
            byte[] key = new byte[32];
            Random.NextBytes(key);
            _aead = Create(key, vectorBits);
            _framework = new ChaCha20Poly1305(key);
        }

        public Random Random { get; }

        public static PacketAead Create(byte[] key, int vectorBits)
        {
            Assert.SkipUnless(vectorBits <= PacketAead.WidestVector, $"this machine has no vectors of {vectorBits} bits");
            return PacketAead.Create(key, vectorBits);
        }

        public void Dispose()
        {
            _aead.Dispose();
            _framework.Dispose();
        }

        public void RoundTrip(int[] lengths, ulong[]? counters = null)
        {
            PacketSlot[] slots = LayOut(lengths, counters, out byte[] buffer);
            byte[] plain = [.. buffer], expected = FrameworkSeal(buffer, slots);

            _aead.Seal(buffer, slots);
            AssertSame(expected, buffer, lengths);

            _aead.Open(buffer, slots);
            foreach (PacketSlot slot in slots)
            {
                Assert.True(slot.IsAuthentic, Describe(lengths));
                plain.AsSpan(slot.Offset, slot.Length).CopyTo(expected.AsSpan(slot.Offset)); // the tags stay
            }

            AssertSame(expected, buffer, lengths);
        }

        public void ForgeOne(int[] lengths)
        {
            PacketSlot[] slots = LayOut(lengths, null, out byte[] buffer);
            byte[] plain = [.. buffer];
            _aead.Seal(buffer, slots);
            int forged = Random.Next(slots.Length);
            int at = slots[forged].Offset + Random.Next(slots[forged].Length + 16);
            buffer[at] ^= (byte)(1 << Random.Next(8));
            byte[] expected = [.. buffer];

            _aead.Open(buffer, slots);
            for (int i = 0; i < slots.Length; i++)
            {
                Assert.True(slots[i].IsAuthentic == (i != forged), Describe(lengths));
                if (i != forged) plain.AsSpan(slots[i].Offset, slots[i].Length).CopyTo(expected.AsSpan(slots[i].Offset));
            }

            AssertSame(expected, buffer, lengths);
        }

        private PacketSlot[] LayOut(int[] lengths, ulong[]? counters, out byte[] buffer)
        {
            PacketSlot[] slots = new PacketSlot[lengths.Length];
            int at = Random.Next(1, 32);
            for (int i = 0; i < slots.Length; i++)
            {
                slots[i] = new PacketSlot { Offset = at, Length = lengths[i], Counter = counters?[i] ?? (ulong)Random.NextInt64() };
                at += lengths[i] + 16 + Gap;
            }

            buffer = new byte[at];
            Random.NextBytes(buffer);
            return slots;
        }

        private byte[] FrameworkSeal(byte[] buffer, PacketSlot[] slots)
        {
            byte[] result = [.. buffer], nonce = new byte[12];
            foreach (PacketSlot slot in slots)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(nonce.AsSpan(4), slot.Counter);
                Span<byte> text = result.AsSpan(slot.Offset, slot.Length);
                _framework.Encrypt(nonce, text, text, result.AsSpan(slot.Offset + slot.Length, 16));
            }

            return result;
        }

        private void AssertSame(byte[] expected, byte[] actual, int[] lengths)
        {
            int at = expected.AsSpan().CommonPrefixLength(actual);
            Assert.True(at == expected.Length, $"differs at byte {at}; {Describe(lengths)}");
        }

        private string Describe(int[] lengths) => $"seed {_seed}, lengths {string.Join(' ', lengths)}";
    }
}
