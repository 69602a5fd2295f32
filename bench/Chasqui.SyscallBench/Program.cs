using System.Globalization;
using Chasqui.SyscallBench;

// dotnet run -c Release --project bench/Chasqui.SyscallBench -- [rounds] [send|receive|tun|latency|capacity]...
int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 21;
string[] wanted = args.Length > 1 ? args[1..] : ["send", "receive", "tun", "latency", "capacity"];

using var lab = new Lab();
lab.Measured.Do(() =>
{
    foreach (string group in wanted)
    {
        switch (group)
        {
            case "send":
                Send();
                break;
            case "receive":
                Receive();
                break;
            case "tun":
                Tun();
                break;
            case "latency":
                Latency();
                break;
            case "capacity":
                Capacity();
                break;
            default:
                throw new ArgumentException($"no such group: {group}");
        }
    }
});

void Send()
{
    using var group = new SendGroup(lab);
    foreach (int bytes in new[] { 148, 1452 })
    {
        group.Run($"Sending {bytes} bytes over veth, drained afterwards", rounds, bytes, Lab.There, drainsMeanwhile: false);
        group.Run($"Sending {bytes} bytes over veth, the peer receiving meanwhile", rounds, bytes, Lab.There, drainsMeanwhile: true);
        group.Run($"Sending {bytes} bytes to a device that drops them", rounds, bytes, Lab.Nowhere, drainsMeanwhile: false);
        Lab.Run("ethtool", "-K va tx-udp-segmentation off");
        group.Run($"Sending {bytes} bytes over veth without segmentation in the device", rounds, bytes, Lab.There, drainsMeanwhile: false);
        Lab.Run("ethtool", "-K va tx-udp-segmentation on");
    }
}

void Receive()
{
    using var group = new ReceiveGroup(lab);
    group.Run("Receiving 148 bytes, each a message", rounds, 148, 1, coalesces: true);
    group.Run("Receiving 148 bytes, 64 a message", rounds, 148, 64, coalesces: true);
    group.Run("Receiving 1452 bytes, each a message", rounds, 1452, 1, coalesces: true);
    group.Run("Receiving 1452 bytes, 44 a message", rounds, 1452, 44, coalesces: true);
    group.Run("Receiving 1452 bytes, sent 44 a message, without UDP_GRO", rounds, 1452, 44, coalesces: false);
}

void Capacity()
{
    using var group = new ReceiveGroup(lab);
    foreach ((int bytes, int together) in new[] { (148, 1), (148, 64), (1452, 1), (1452, 44) })
        group.Capacity(bytes, together);
}

void Tun()
{
    using var group = new TunGroup(lab);
    using Frames packets = Frames.OfPackets(120);
    using Frames supers = Frames.OfSuperPackets();
    group.Read("Reading frames of 120 bytes from TUN", rounds, 2048, 92, 1);
    group.Read("Reading frames of 64 KiB from TUN", rounds, 128, 1392, 46);
    group.Write("Writing frames of 120 bytes to TUN", rounds, 2048, packets);
    group.Write("Writing frames of 64 KiB to TUN", rounds, 128, supers);
}

void Latency()
{
    using (var ring = new Ring(64))
        Console.WriteLine($"A ring of 64 requests maps {ring.MappedBytes} bytes, without the buffers that they point to.");
    using var group = new LatencyGroup(lab);
    group.Run("A lone datagram's way back and forth, the answering core asleep before it", rounds);
    Lab.Run("ethtool", "-K va gro on");
    group.Run("The same with NAPI on the receiving veth, which busy polling needs", rounds);
    Lab.Run("ethtool", "-K va gro off");
}
