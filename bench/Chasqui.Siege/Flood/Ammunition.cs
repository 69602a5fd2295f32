using System.Net.Sockets;
using Chasqui.Compare;
using Chasqui.Compare.Handshakes;
using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Wire;

namespace Chasqui.Siege.Flood;

/// <summary>What the floods are made of. Everything follows from seeds, but for what was recorded.</summary>
internal sealed class Ammunition : IDisposable
{
    private const int Pool = 4096;
    private const int MostRandomBytes = 1400;
    private const int Recorded = 64;
    private const int KnownPeers = 16;
    private const int FirstSeed = 1000;

    private readonly PublicKey _victim;
    private readonly StaticIdentity[] _known = new StaticIdentity[KnownPeers];

    /// <summary>Makes what does not depend on a session.</summary>
    /// <param name="victim">The public key of the daemon that is to be flooded.</param>
    public Ammunition(PublicKey victim)
    {
        _victim = victim;
        for (int i = 0; i < KnownPeers; i++)
        {
            using var key = PrivateKey.Generate(new SeededEntropy(FirstSeed + i));
            _known[i] = new StaticIdentity(key);
        }
    }

    /// <summary>The keys whose initiations are replayed: the victim must have them as peers. Base64.</summary>
    public IEnumerable<string> KnownKeys => _known.Select(static identity => Convert.ToBase64String(identity.PublicKey.AsSpan()));

    /// <summary>The datagrams of a flood.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="lab">Where the legitimate peer's data can be recorded.</param>
    public IEnumerable<byte[]> Make(FloodKind kind, Lab lab)
    {
        if (kind == FloodKind.Random) return RandomBytes();
        if (kind == FloodKind.BadMac) return Initiations(isMacGood: false);
        if (kind == FloodKind.GoodMac) return Initiations(isMacGood: true);
        if (kind == FloodKind.OldInitiations) return ValidInitiations();
        return kind == FloodKind.OldData ? Record(lab) : [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (StaticIdentity identity in _known) identity.Dispose();
    }

    private static IEnumerable<byte[]> RandomBytes()
    {
        var random = new Random(1);
        for (int i = 0; i < Pool; i++)
        {
            byte[] datagram = new byte[random.Next(MostRandomBytes)];
            random.NextBytes(datagram);
            yield return datagram;
        }
    }

    /// <summary>What anyone can make who knows no more than the victim's public key, or not even that.</summary>
    private IEnumerable<byte[]> Initiations(bool isMacGood)
    {
        var random = new Random(2);
        using var jar = new CookieJar(_victim);
        for (int i = 0; i < Pool; i++)
        {
            byte[] message = new byte[InitiationView.Length];
            random.NextBytes(message);
            message[0] = 1;
            message.AsSpan(1, 3).Clear();
            if (isMacGood) jar.AddMacs(message, default);
            yield return message;
        }
    }

    private IEnumerable<byte[]> ValidInitiations()
    {
        long time = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        using var jar = new CookieJar(_victim);
        for (int i = 0; i < KnownPeers; i++)
        {
            byte[] message = new byte[InitiationView.Length];
            using var handshake = new Handshake(_victim);
            if (!handshake.TryCreateInitiation(_known[i], time, new SeededEntropy(i), new SessionIndex((uint)i), message))
            {
                throw new InvalidOperationException("A key made by seed is of low order.");
            }

            jar.AddMacs(message, default);
            yield return message;
        }
    }

    /// <summary>Data messages that the legitimate peer sends: a raw socket of the victim's host gets a copy of each.</summary>
    private static List<byte[]> Record(Lab lab)
    {
        const int HeaderLength = 28;
        using Socket ear = Hosts.On(End.Left, static () => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp));
        ear.ReceiveTimeout = 2000;
        ear.ReceiveBufferSize = 4 << 20;
        lab.Run(End.Right, "ping", "-q", "-c", $"{Recorded}", "-i", "0.002", "-s", "1300", Lab.Inner(End.Left));
        List<byte[]> datagrams = [];
        byte[] packet = new byte[ushort.MaxValue];
        while (datagrams.Count < Recorded)
        {
            int length = ear.Receive(packet);
            if (length > HeaderLength && packet[HeaderLength] == 4) datagrams.Add(packet[HeaderLength..length]);
        }

        return datagrams;
    }
}
