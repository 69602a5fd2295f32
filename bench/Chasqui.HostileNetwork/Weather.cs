namespace Chasqui.HostileNetwork;

/// <summary>What happens to datagrams on their way, the same in both directions. Shares are from 0 to 1, each drawn for each datagram by itself.</summary>
internal sealed record Weather
{
    /// <summary>Nothing happens.</summary>
    public static Weather Clear { get; } = new();

    /// <summary>The share that is lost.</summary>
    public double Loss { get; init; }

    /// <summary>The share that arrives twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>The share that waits for <see cref="ReorderBy"/>, so that later ones overtake it.</summary>
    public double Reorder { get; init; }

    /// <summary>How long a datagram waits that others overtake.</summary>
    public TimeSpan ReorderBy { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The share in which up to four bytes are altered; the UDP checksum is right all the same.</summary>
    public double Corrupt { get; init; }

    /// <summary>The share behind which some datagram that was seen before comes once more.</summary>
    public double Replay { get; init; }

    /// <summary>How long every datagram takes, to the millisecond.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How much longer it may take.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bits a second, counted without the headers of IP and UDP; 0 for no limit.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>How long a datagram waits for its turn at most, before the rate's limit drops it.</summary>
    public TimeSpan LongestQueue { get; init; } = TimeSpan.FromMilliseconds(50);
}
