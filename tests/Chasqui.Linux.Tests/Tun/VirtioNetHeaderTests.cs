using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

public class VirtioNetHeaderTests
{
    [Fact]
    public void HasTheKernelsShape()
    {
        byte[] frame = new byte[12];
        frame.AsSpan().Fill(0xEE);

        new VirtioNetHeader(1, 0x81, 0x0302, 0x0504, 0x0706, 0x0908).Write(frame);

        Assert.Equal(BitConverter.IsLittleEndian
            ? [1, 0x81, 2, 3, 4, 5, 6, 7, 8, 9, 0xEE, 0xEE]
            : new byte[] { 1, 0x81, 3, 2, 5, 4, 7, 6, 9, 8, 0xEE, 0xEE }, frame);
    }

    [Fact]
    public void ReadsWhatItWrites()
    {
        var header = new VirtioNetHeader(2, 5, 48, 1392, 40, 6);
        byte[] frame = new byte[VirtioNetHeader.Length];

        header.Write(frame);

        Assert.Equal(header, VirtioNetHeader.Read(frame));
    }
}
