using System.Net;
using System.Net.Sockets;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>Interfaces with several queues, each in a network namespace of its own.</summary>
public class TunQueuesTests
{
    [Fact]
    public void OpensAsManyQueuesAsAskedForAndAllKnowTheSame()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();

        using TunDevice device = space.Run(() => TunDevice.Create("chqt%d", 1420, 4));

        Assert.Equal(4, device.Queues.Count);
        Assert.Same(device, device.Queues[0]);
        Assert.All(device.Queues, queue => Assert.Equal(("chqt0", device.Index, device.Offloads), (queue.Name, queue.Index, queue.Offloads)));
        Assert.Contains("multi_queue numqueues 4 ", space.IpInside("-d", "link", "show", "chqt0"));
        Assert.True(device.Queues[2].TrySetOffloads(TunOffloads.None));
        Assert.All(device.Queues, queue => Assert.Equal(TunOffloads.None, queue.Offloads));
    }

    [Fact]
    public void OneQueueIsAnInterfaceThatHasNoOther()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();

        using TunDevice device = space.Run(() => TunDevice.Create("chqt0", 1420, 1));

        Assert.Single(device.Queues);
        Assert.DoesNotContain("numqueues", space.IpInside("-d", "link", "show", "chqt0"));
    }

    [Fact]
    public void AnswersAreReadWhereTheFlowWasWritten()
    {
        const int Rounds = 5;
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        using TunDevice device = space.Run(() => TunDevice.Create("chqt0", 1420, 4));
        space.IpInside("address", "add", "10.0.0.2/24", "dev", "chqt0");
        space.IpInside("link", "set", "chqt0", "up");
        using Socket echo = space.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        echo.Bind(new IPEndPoint(IPAddress.Any, 7));
        echo.ReceiveTimeout = 10_000;

        for (int flow = 0; flow < 20; flow++)
        {
            TunDevice queue = device.Queues[flow % 4];
            for (int round = 0; round < Rounds; round++)
            {
                Discard(device);
                Assert.Equal(0, queue.Write(TunPackets.Frame(Question((ushort)(40_000 + flow)))));
                Answer(echo);

                Assert.Equal([queue], device.Queues.Where(CarriesAnAnswer));
            }
        }
    }

    [Fact]
    public void EveryQueueSeesTheInterfaceMoveAndGo()
    {
        TunNamespace.SkipUnlessPossible();
        using var before = new TunNamespace();
        using var after = new TunNamespace();
        using TunDevice device = before.Run(() => TunDevice.Create("chqt0", 1420, 3));

        before.IpInside("link", "set", "chqt0", "netns", after.Name);
        Assert.All(device.Queues, queue => Assert.True(queue.TryGetCurrentName(out _)));
        Assert.All(device.Queues, queue => Assert.Equal(0, queue.Read(new byte[TunDevice.MaxFrameLength])));

        after.IpInside("link", "del", "chqt0");
        Assert.All(device.Queues, queue => Assert.True(TunDevice.MeansDeleted(-queue.Read(new byte[TunDevice.MaxFrameLength]))));
    }

    [Fact]
    public void TheInterfaceGoesWithItsLastQueue()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();

        space.Run(() => TunDevice.Create("chqt0", 1420, 3)).Dispose();

        Assert.DoesNotContain("chqt0", space.IpInside("link", "show"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AnInterfaceWithManyQueuesThatSomebodyRunsIsBusy(int queues)
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        using TunDevice device = space.Run(() => TunDevice.Create("chqt0", 1420, 2));

        LinuxException refused = Assert.Throws<LinuxException>(() => space.Run(() => TunDevice.Create("chqt0", 1420, queues)));

        Assert.Equal("TUNSETIFF", refused.Syscall);
        Assert.Contains(refused.Errno, (int[])[Errno.EBUSY, Errno.EINVAL]); // the latter where /sys shows another namespace
        Assert.Contains("numqueues 2 ", space.IpInside("-d", "link", "show", "chqt0"));
    }

    [Fact]
    public void AnInterfaceThatWasMadeBeforeKeepsItsOneQueue()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        space.IpInside("tuntap", "add", "mode", "tun", "name", "chqt0");

        using TunDevice device = space.Run(() => TunDevice.Create("chqt0", 1420, 4));

        Assert.Single(device.Queues);
    }

    [Fact]
    public void QueuesAreHandedOverTogetherAndNothingElseIsTaken()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        using TunDevice made = space.Run(() => TunDevice.Create("chqt0", 1420, 3));
        using TunDevice stranger = space.Run(() => TunDevice.Create("chqt1", 1420));
        int Copy(TunDevice queue) => TunLibc.fcntl(queue.Descriptor.DangerousFd, 1030, 0); // F_DUPFD_CLOEXEC

        using TunDevice taken = space.Run(() => TunDevice.FromDescriptors(Copy(made), [Copy(made.Queues[1]), Copy(made.Queues[2])]));
        Assert.Equal(3, taken.Queues.Count);
        Assert.Equal(made.Index, taken.Queues[2].Index);

        Assert.Throws<LinuxException>(() => space.Run(() => TunDevice.FromDescriptors(Copy(made), [Copy(stranger)])));
    }

    private static byte[] Question(ushort port) =>
        new TunPackets { IsTcp = false, Host = 1, SourcePort = port, DestinationPort = 7 }.Packet("hello"u8);

    private static void Answer(Socket echo)
    {
        var buffer = new byte[64];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int length = echo.ReceiveFrom(buffer, ref from);
        echo.SendTo(buffer.AsSpan(0, length), from);
    }

    private static void Discard(TunDevice device)
    {
        foreach (TunDevice queue in device.Queues)
        {
            while (queue.Read(new byte[TunDevice.MaxFrameLength]) > 0)
            {
            }
        }
    }

    private static bool CarriesAnAnswer(TunDevice queue)
    {
        var frame = new byte[TunDevice.MaxFrameLength];
        bool isFound = false;
        for (int length = queue.Read(frame); length > 0; length = queue.Read(frame))
        {
            isFound |= frame[VirtioNetHeader.Length] == 0x45 && frame[VirtioNetHeader.Length + 9] == 17;
        }

        return isFound;
    }
}
