namespace Chasqui.Linux.Tun;

/// <summary>Takes the frames that a <see cref="PacketJoiner"/> gives out.</summary>
/// <remarks>Implement it as a struct: the joiner is specialised for it and calls it without dispatch.</remarks>
public interface IPacketSink
{
    /// <summary>Takes one frame: a <see cref="VirtioNetHeader"/>, then one IP packet or super-packet.</summary>
    /// <remarks>Ownership: <paramref name="frame"/> is borrowed until the call returns.</remarks>
    void Write(ReadOnlySpan<byte> frame);
}
