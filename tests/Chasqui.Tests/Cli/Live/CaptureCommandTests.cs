using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Chasqui.Capture;
using Chasqui.Cli;
using Chasqui.Cli.Commands.Live;
using Chasqui.Core;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Tun;
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
        Assert.Equal("capturing wg0 for 60 seconds; Ctrl-C ends it\n6 packets of wg0: as many as asked for with --count\n", _terminal.Error);
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

    /// <summary>The sender hands the kernel many datagrams at once, and the kernel shows them so.</summary>
    [Fact]
    public void OuterDatagramsAreCutAsTheyAreOnTheWire()
    {
        using var tunnel = new TestTunnel();
        string path = Path.Combine(_folder, "cut.pcapng");
        tunnel.A.Home.Ip("tuntap add wg0 mode tun");
        tunnel.A.Home.Ip("link set wg0 up");

        Capture(tunnel, path, tunnel.A.Home, () => Transfer(tunnel), "--outer", "-c", "200", "-s", "128");

        string[] lengths = [.. Tcpdump(path).Split('\n').Where(line => line.Contains("length ")).Select(line => line[(line.LastIndexOf(' ') + 1)..])];
        Assert.Equal(200, lengths.Length);
        Assert.All(lengths, length => Assert.InRange(int.Parse(length, CultureInfo.InvariantCulture), 32, 1452));
        Assert.Contains("1452", lengths);
    }

    /// <summary>Only what follows the same session's first message with a higher counter ends a datagram.</summary>
    [Fact]
    public void DatagramsThatAreCarriedTogetherAreTold()
    {
        byte[] first = Message(7, 40), second = Message(8, 40), last = Message(10, 33);

        Assert.Equal([40, 40, 33], Cut([.. first, .. second, .. last]));
        Assert.Equal([40, 40], Cut([.. first, .. second]));
        Assert.Empty(Cut(first));
        Assert.Empty(Cut([.. second, .. first])); // counters go up
        Assert.Empty(Cut([.. first, .. Message(8, 31)]));
        Assert.Empty(Cut([.. new byte[300]]));
        Assert.Empty(Cut([]));
        Assert.False(CarriedMessages.TryCut([], out _));
        Assert.False(CarriedMessages.TryCut([0x6F], out _));
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
    public void TheNamesOfManyPeersLeaveRoomForPackets()
    {
        using var place = new Sandbox();
        place.Ip("tuntap add wg0 mode tun");
        string path = Path.Combine(_folder, "names.pcapng");
        PeerStatus[] peers = [.. Enumerable.Range(0, 1000).Select(i => new PeerStatus
        {
            PublicKey = new PublicKey([(byte)i, (byte)(i >> 8), .. new byte[30]]),
            AllowedIps = [new IpPrefix(IpAddress.V4(0x0A000000 + (uint)i), 32)],
        })];

        Assert.Equal(0, place.Run(() => Execute(_ => new TunnelStatus { Peers = peers }, "wg0", "-o", path, "-b", "4096", "-t", "1")));

        Assert.InRange(new FileInfo(path).Length, 500, 2048);
    }

    [Fact]
    public void AFileThatIsThereStays()
    {
        string path = Path.Combine(_folder, "there");
        File.WriteAllText(path, "mine");

        Assert.Equal(1, Execute(_ => new TunnelStatus(), "wg0", "-o", path));

        Assert.Contains($"{path} is there already", _terminal.Error);
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

    [Theory]
    [InlineData("--with-keys", "add --outer")]
    [InlineData("--outer --with-keys", "add --reveal-private-keys")]
    [InlineData("--outer --reveal-private-keys", "goes with --with-keys")]
    [InlineData("--outer --with-keys --reveal-private-keys -t 3600", "`3600'")]
    public void KeysAreAskedForTwice(string options, string part)
    {
        Assert.Equal(1, Execute(_ => throw new InvalidOperationException(), ["wg0", .. options.Split(' ')]));

        Assert.Contains(part, _terminal.Error);
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
        writer.AddSecrets("K=AA\n"u8);

        List<(uint Type, byte[] Body)> blocks = Blocks(output.WrittenSpan);

        Assert.Equal(writer.Length, output.WrittenCount);
        Assert.Equal([0x0A0D0D0A, 1, 4, 6, 5, 10], blocks.Select(block => block.Type));
        Assert.Equal([0x4C, 0x4B, 0x47, 0x57, 5, 0, 0, 0, .. "K=AA\n"u8, 0, 0, 0], blocks[5].Body);
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

    private static void Transfer(TestTunnel tunnel)
    {
        (Socket a, Socket b) = tunnel.Connect();
        using (a)
        using (b)
        {
            tunnel.Transfer(a, b, 4 << 20, static () => { });
        }
    }

    private static byte[] Message(byte counter, int length) => [4, 0, 0, 0, 1, 2, 3, 4, counter, .. new byte[length - 9]];

    private static List<int> Cut(byte[] payload)
    {
        byte[] packet = [0x45, 0, 0, (byte)(28 + payload.Length), .. new byte[5], 17, .. new byte[18], .. payload];
        packet[2] = (byte)((28 + payload.Length) >> 8);
        List<int> lengths = [];
        if (CarriedMessages.TryCut(packet, out SegmentPlan plan))
        {
            for (int i = 0; i < plan.Count; i++)
            {
                lengths.Add(plan.LengthOf(i) - 28);
            }
        }

        return lengths;
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

    private void Capture(TestTunnel tunnel, string path, Sandbox place, params string[] options) =>
        Capture(tunnel, path, place, () => tunnel.Ping(TestTunnel.AddressB, 3), options);

    private void Capture(TestTunnel tunnel, string path, Sandbox place, Action traffic, params string[] options)
    {
        int code = -1;
        var capture = new Thread(() => code = place.Run(() => Execute(_ => tunnel.A.Device.Status(), ["wg0", "-o", path, .. options])));
        capture.Start();
        Assert.True(SpinWait.SpinUntil(() => File.Exists(path) && new FileInfo(path).Length > 0, TimeSpan.FromSeconds(10)), _terminal.Error);
        for (int i = 0; i < 20 && capture.IsAlive; i++)
        {
            traffic();
        }

        Assert.True(capture.Join(TimeSpan.FromSeconds(30)), "the capture does not end");
        Assert.True(code == 0, _terminal.Error);
    }

    private int Execute(Func<string, TunnelStatus> read, params string[] arguments) =>
        new CaptureCommand(read, static (_, _) => throw new InvalidOperationException()).Execute(new Invocation("chasqui", arguments, _terminal.Terminal), () => new MemoryStream());
}
