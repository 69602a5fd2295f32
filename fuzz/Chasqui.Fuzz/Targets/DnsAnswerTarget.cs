using System.Globalization;
using Chasqui.Fuzz.Engine;
using Chasqui.Linux.Names;

namespace Chasqui.Fuzz.Targets;

/// <summary>What a name server sends.</summary>
internal sealed class DnsAnswerTarget : IFuzzTarget
{
    private readonly GuardedBytes _bytes = new(1024);

    public string Name => "dns";

    public string Summary => "DnsAnswer over any bytes: a time to live in its range or nothing, and nothing read past the end";

    public int MaxLength => 1024;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 97, 0, 0, 1, 0, 1, 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1],
        [0, 1, 0x81, 0x80, 0, 0, 0, 2, 0, 0, 0, 0, 1, 97, 0, 0, 5, 0, 1, 0, 0, 1, 44, 0, 3, 1, 98, 0, 1, 98, 0, 0, 28, 0, 1, 0, 0, 0, 9, 0, 0],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } = [[0xC0, 12], [0, 1, 0, 1], [0, 5, 0, 1], [0, 28, 0, 1], [63], [0xFF, 0xFF]];

    public void Run(ReadOnlySpan<byte> input) => Check.Same(Read(input, 0xFF), Read(input, 0x00), "what is read with other bytes behind");

    private string Read(ReadOnlySpan<byte> input, byte colour)
    {
        Span<byte> bytes = _bytes.Begin(input, colour);
        bool isRead = DnsAnswer.TryReadTimeToLive(bytes, out uint seconds);
        Check.That(!isRead || seconds <= int.MaxValue);
        _bytes.CheckFences(input.Length);
        return string.Create(CultureInfo.InvariantCulture, $"{isRead} {(isRead ? seconds : 0)}");
    }
}
