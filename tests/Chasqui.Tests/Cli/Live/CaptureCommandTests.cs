using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Chasqui.Capture;
using Chasqui.Cli;
using Chasqui.Cli.Commands.Live;
using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Cli.Live;

/// <summary>Captures of a real tunnel, read by tcpdump, and their bounds.</summary>
public sealed class CaptureCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chasqui-capture").FullName;
    private readonly TestTerminal _terminal = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PacketsInsideTheTunnelAreReadByTcpdump()
    {
        using var tunnel = new TestTunnel();
        string path = Path.Combine(_folder, "inner.pcapng");

        Capture(tunnel, path, "-c", "6");

        string text = Tcpdump(path);
        Assert.Equal(3, Count(text, $"{TestTunnel.AddressA} > {TestTunnel.AddressB}: ICMP echo request"));
        Assert.Equal(3, Count(text, $"{TestTunnel.AddressB} > {TestTunnel.AddressA}: ICMP echo reply"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal("6 packets of wg0\n", _terminal.Error);
    }

    [Fact]
    public void OuterDatagramsAreThoseOfTheTunnelsPortAlone()
    {
        using var tunnel = new TestTunnel();
        string path = Path.Combine(_folder, "outer.pcapng");

        // The sockets are in the namespace that both ends share; the capture looks there, at an interface of its own.
        tunnel.A.Home.Ip("tuntap add wg0 mode tun");
        tunnel.A.Home.Ip("link set wg0 up");
        Capture(tunnel, path, tunnel.A.Home, "--outer", "-c", "8");

        string text = Tcpdump(path);
        Assert.True(Count(text, $".{tunnel.A.Port} ") + Count(text, $".{tunnel.A.Port}:") >= 8, text);
        Assert.DoesNotContain("ICMP", text);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(6000)]
    public void TheFileIsNeverLargerThanWasSaid(int bytes)
    {
        using var tunnel = new TestTunnel();
        string path = Path.Combine(_folder, "small.pcapng");

        Capture(tunnel, path, "-b", $"{bytes}", "-t", "5");

        Assert.InRange(new FileInfo(path).Length, bytes / 2, bytes);
        Assert.Contains("ICMP echo", Tcpdump(path));
    }

    [Fact]
    public void AFileThatIsThereStays()
    {
        string path = Path.Combine(_folder, "there");
        File.WriteAllText(path, "mine");

        Assert.ThrowsAny<IOException>(() => Execute(_ => new TunnelStatus(), "wg0", "-o", path));

        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("-t", "0")]
    [InlineData("-b", "100")]
    [InlineData("-s", "1")]
    public void WrongNumbersAreNamed(string option, string value)
    {
        Assert.Equal(1, Execute(_ => new TunnelStatus(), "wg0", option, value));

        Assert.Contains($"`{value}'", _terminal.Error);
    }

    [Fact]
    public void AnInterfaceThatIsNotThereIsNamed()
    {
        Assert.Equal(1, Execute(name => throw new LinuxException("find", name, Errno.ENODEV), "nope"));

        Assert.Contains("nope", _terminal.Error);
    }

    /// <summary>Block by block, as the draft has it: types, equal lengths at both ends, multiples of four, times, names and lost packets.</summary>
    [Fact]
    public void EveryBlockIsWhole()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output, "test", hasSeveralInterfaces: false);
        Assert.Equal(0, writer.AddInterface("wg0", 65535));
        writer.AddNames(new Dictionary<IpAddress, string> { [IpAddress.V4(0x0A000001)] = "phone\0x", [IpAddress.V6(1, 2)] = new string('n', 5000) });
        writer.AddPacket(0, 0x1122334455667788, isOutgoing: true, [1, 2, 3, 4, 5], 1500);
        writer.AddStatistics(0, 1, lost: 7);

        List<(uint Type, byte[] Body)> blocks = Blocks(output.WrittenSpan);

        Assert.Equal(writer.Length, output.WrittenCount);
        Assert.Equal([0x0A0D0D0A, 1, 4, 6, 5], blocks.Select(block => block.Type));
        byte[] packet = blocks[3].Body;
        Assert.Equal(
            [0u, 0x11223344, 0x55667788, 5, 1500], Enumerable.Range(0, 5).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(packet.AsSpan(4 * i))));
        Assert.Equal([1, 2, 3, 4, 5, 0, 0, 0, 2, 0, 4, 0, 2, 0, 0, 0, 0, 0, 0, 0], packet[20..]);
        Assert.Equal([1, 0, 11, 0, 10, 0, 0, 1, .. "phonex\0"u8, 0], blocks[2].Body[..16]);
        Assert.Equal([5, 0, 8, 0, 7, 0, 0, 0, 0, 0, 0, 0], blocks[4].Body[12..24]);
    }

    private static List<(uint Type, byte[] Body)> Blocks(ReadOnlySpan<byte> bytes)
    {
        List<(uint, byte[])> blocks = [];
        while (!bytes.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
            Assert.Equal(0, length % 4);
            Assert.Equal(length, BinaryPrimitives.ReadInt32LittleEndian(bytes[(length - 4)..]));
            blocks.Add((BinaryPrimitives.ReadUInt32LittleEndian(bytes), bytes[8..(length - 4)].ToArray()));
            bytes = bytes[length..];
        }

        return blocks;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Tcpdump(string path)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump") || File.Exists("/usr/sbin/tcpdump"), "needs tcpdump");
        using Process process = Process.Start(new ProcessStartInfo("tcpdump", $"-nr {path}") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string text = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return text;
    }

    private void Capture(TestTunnel tunnel, string path, params string[] options) => Capture(tunnel, path, tunnel.PlaceA, options);

    /// <summary>Captures while there are echo requests, until the capture has come to its end.</summary>
    private void Capture(TestTunnel tunnel, string path, Sandbox place, params string[] options)
    {
        int code = -1;
        var capture = new Thread(() => code = place.Run(() => Execute(_ => tunnel.A.Device.Status(), ["wg0", "-o", path, .. options])));
        capture.Start();
        Assert.True(SpinWait.SpinUntil(() => File.Exists(path) && new FileInfo(path).Length > 0, TimeSpan.FromSeconds(10)), _terminal.Error);
        for (int i = 0; i < 20 && capture.IsAlive; i++)
        {
            tunnel.Ping(TestTunnel.AddressB, 3);
        }

        Assert.True(capture.Join(TimeSpan.FromSeconds(30)), "the capture does not end");
        Assert.True(code == 0, _terminal.Error);
    }

    private int Execute(Func<string, TunnelStatus> read, params string[] arguments) =>
        new CaptureCommand(read).Execute(new Invocation("chasqui", arguments, _terminal.Terminal), () => new MemoryStream());
}
