using System.Buffers.Binary;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Thousands of datagrams at one live session, in the mixture and around the bytes that an input gives.</summary>
/// <remarks>
/// <c>datagram</c> tries what an input says, step by step; this one is for numbers: a handshake serves for <see cref="Datagrams"/> entries
/// into the core, a thousand times what one a handshake would reach in the same time.
/// </remarks>
internal sealed class StormTarget : IFuzzTarget
{
    /// <summary>Datagrams that one input becomes, about: the last batch may go over.</summary>
    internal const int Datagrams = 4096;

    private readonly Lazy<Correspondent> _peer = new(() => new Correspondent());

    public string Name => "storm";

    public string Summary => "4,096 datagrams at a live session: noise, headers, right keys around any inside, replays, damage, right macs";

    public int EntriesPerRun => Datagrams;

    public int MaxLength => Storm.RecipeLength + 512;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [1, 0, 0, 0, 32, 32, 64, 32, 32, 16, 1, 1],
        [2, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0],
        [3, 0, 0, 0, 0, 0, 128, 64, 64, 0, 0, 0, 0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 10, 1, 0, 1, 10, 0, 0, 2],
        [4, 0, 0, 0, 8, 8, 128, 16, 16, 8, 1, 1, 0x60, 0, 0, 0, 0, 0, 59, 64, 0xFD, 0, 0, 1],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } = [[0x45], [0x60], [10, 1], [0xFD, 0, 0, 1], [4, 0, 0, 0], [1, 0, 0, 0]];

    public void Run(ReadOnlySpan<byte> input)
    {
        Span<byte> recipe = stackalloc byte[Storm.RecipeLength];
        var reader = new InputReader(input);
        reader.Fill(recipe);
        using var storm = new Storm(_peer.Value, BinaryPrimitives.ReadInt32LittleEndian(recipe), recipe[sizeof(int)..], reader.Rest);
        storm.Run(Datagrams);
    }
}
