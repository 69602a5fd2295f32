using Chasqui.Core.Wire;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>A live tunnel, its peer and strangers.</summary>
internal sealed class DatagramTarget : IFuzzTarget
{
    private const int MaxSteps = 20;

    private readonly Lazy<Correspondent> _peer = new(() => new Correspondent());

    public string Name => "datagram";

    public string Summary => "a live tunnel: any datagrams, right macs and right keys around any content, time, load and configuration";

    public int MaxLength => 1024;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [1, 3, 1, 0, 2, 1, 1, 0, 5, 0, 0, 0, 20, 0, 0],
        [1, 3, 1, 0, 3, 1, 1, 0, 5, 0, 0, 0, 20, 0, 9, 3, 0, 3, 1, 1, 0, 5, 0, 0, 0, 20, 0, 9],
        [0, 7, 4, 9, 0, 0, 0, 0, 0, 0, 3, 0, 0, 5, 1, 0, 8, 3, .. new byte[16], 0, 5, 0xFF, 4],
        [0, 6, 0, 0, 0, 0, 0x65, 0x53, 0xF1, 0, 0, 0, 0, 0, 0, 7, 0, 3, 1, 0],
        [1, 9, 8, 0xFF, 0x0F, 10, 3, 3, 9, 8, 0xFF, 0x0F, 5, 9, 9],
        [1, 11, 3, 3, 1, 0, 11, 2, 11, 0, 11, 1, 5, 0xFF, 0xFF],
        [0, 1, 7, 0, 1, 2, 2, 3, 1, 1, 4],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        [5, 0xFF, 0x10], [5, 0xFF, 0xFF], [3, 1, 0, 2, 1, 1, 0, 5, 0, 0, 0, 20, 0, 0], [11, 3], [11, 2], [10, 3, 3], [9, 8, 0xFF, 0x0F],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        CheckClassification(input);
        var reader = new InputReader(input);
        using var scene = new TunnelScene(_peer.Value);
        if ((reader.Byte() & 1) != 0)
        {
            scene.Connect();
        }

        for (int step = 0; step < MaxSteps && !reader.IsEmpty; step++)
        {
            scene.Step(ref reader);
        }
    }

    private static void CheckClassification(ReadOnlySpan<byte> input)
    {
        MessageType type = Datagram.Classify(input);
        bool isTyped = input.Length >= 4 && input[0] is >= 1 and <= 4 && input[1] == 0 && input[2] == 0 && input[3] == 0;
        bool isLong = isTyped && input[0] switch
        {
            1 => input.Length == 148,
            2 => input.Length == 92,
            3 => input.Length == 64,
            _ => input.Length >= 32,
        };
        Check.That(type == (isLong ? (MessageType)input[0] : MessageType.Invalid));
    }
}
