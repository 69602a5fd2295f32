using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>Constants and layouts against the C compiler and the kernel's headers.</summary>
public class TunAbiTests
{
    private static Dictionary<string, long> Ours { get; } = new()
    {
        ["O_RDWR"] = TunLibc.O_RDWR,
        ["O_NONBLOCK"] = TunLibc.O_NONBLOCK,
        ["O_CLOEXEC"] = TunLibc.O_CLOEXEC,
        ["F_SETFD"] = TunLibc.F_SETFD,
        ["F_GETFL"] = TunLibc.F_GETFL,
        ["F_SETFL"] = TunLibc.F_SETFL,
        ["FD_CLOEXEC"] = TunLibc.FD_CLOEXEC,
        ["AF_INET"] = TunLibc.AF_INET,
        ["SOCK_DGRAM"] = TunLibc.SOCK_DGRAM,
        ["SOCK_CLOEXEC"] = TunLibc.SOCK_CLOEXEC,
        ["IFNAMSIZ"] = TunLibc.IFNAMSIZ,
        ["IFF_TUN"] = TunLibc.IFF_TUN,
        ["IFF_NO_PI"] = TunLibc.IFF_NO_PI,
        ["IFF_VNET_HDR"] = TunLibc.IFF_VNET_HDR,
        ["TUNSETIFF"] = TunLibc.TUNSETIFF,
        ["TUNSETOFFLOAD"] = TunLibc.TUNSETOFFLOAD,
        ["TUNGETIFF"] = TunLibc.TUNGETIFF,
        ["TUNSETVNETHDRSZ"] = TunLibc.TUNSETVNETHDRSZ,
        ["TUNGETDEVNETNS"] = TunLibc.TUNGETDEVNETNS,
        ["SIOCSIFMTU"] = TunLibc.SIOCSIFMTU,
        ["SIOCGIFINDEX"] = TunLibc.SIOCGIFINDEX,
        ["EINTR"] = TunLibc.EINTR,
        ["EIO"] = TunLibc.EIO,
        ["ENXIO"] = TunLibc.ENXIO,
        ["EAGAIN"] = TunLibc.EAGAIN,
        ["EINVAL"] = TunLibc.EINVAL,
        ["EBADFD"] = TunLibc.EBADFD,
        ["TUN_F_CSUM"] = (long)TunOffloads.Checksum,
        ["TUN_F_TSO4"] = (long)TunOffloads.Tso4,
        ["TUN_F_TSO6"] = (long)TunOffloads.Tso6,
        ["TUN_F_TSO_ECN"] = (long)TunOffloads.TsoEcn,
        ["VIRTIO_NET_HDR_F_NEEDS_CSUM"] = VirtioNet.VIRTIO_NET_HDR_F_NEEDS_CSUM,
        ["VIRTIO_NET_HDR_F_DATA_VALID"] = VirtioNet.VIRTIO_NET_HDR_F_DATA_VALID,
        ["VIRTIO_NET_HDR_GSO_NONE"] = VirtioNet.VIRTIO_NET_HDR_GSO_NONE,
        ["VIRTIO_NET_HDR_GSO_TCPV4"] = VirtioNet.VIRTIO_NET_HDR_GSO_TCPV4,
        ["VIRTIO_NET_HDR_GSO_TCPV6"] = VirtioNet.VIRTIO_NET_HDR_GSO_TCPV6,
        ["VIRTIO_NET_HDR_GSO_ECN"] = VirtioNet.VIRTIO_NET_HDR_GSO_ECN,
        ["sizeof(struct virtio_net_hdr)"] = VirtioNetHeader.Length,
        ["offsetof(struct virtio_net_hdr, gso_type)"] = 1,
        ["offsetof(struct virtio_net_hdr, hdr_len)"] = 2,
        ["offsetof(struct virtio_net_hdr, gso_size)"] = 4,
        ["offsetof(struct virtio_net_hdr, csum_start)"] = 6,
        ["offsetof(struct virtio_net_hdr, csum_offset)"] = 8,
        ["sizeof(struct ifreq)"] = Marshal.SizeOf<TunLibc.ifreq>(),
        ["offsetof(struct ifreq, ifr_name)"] = 0,
        ["offsetof(struct ifreq, ifr_flags)"] = TunLibc.IFNAMSIZ,
        ["offsetof(struct ifreq, ifr_mtu)"] = TunLibc.IFNAMSIZ,
        ["offsetof(struct ifreq, ifr_ifindex)"] = TunLibc.IFNAMSIZ,
        ["TUN_F_USO4"] = (long)TunOffloads.Uso4,
        ["TUN_F_USO6"] = (long)TunOffloads.Uso6,
        ["VIRTIO_NET_HDR_GSO_UDP_L4"] = VirtioNet.VIRTIO_NET_HDR_GSO_UDP_L4,
    };

    [Fact]
    public void AgreesWithTheCCompiler()
    {
        Assert.SkipUnless(File.Exists("/usr/include/linux/if_tun.h"), "needs the kernel's headers");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("chq-abi-");
        try
        {
            string program = Path.Combine(directory.FullName, "abi"), source = program + ".c";
            File.WriteAllText(source, Source());
            Assert.SkipUnless(TryRun("cc", ["-o", program, source], out _), "needs a C compiler");
            Assert.True(TryRun(program, [], out string output));

            Dictionary<string, long> theirs = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('='))
                .ToDictionary(l => l[0], l => long.Parse(l[1], CultureInfo.InvariantCulture));

            Assert.Equal(Ours, theirs);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>What headers before kernel 6.2 lack is filled in with the value that the kernel settled on.</summary>
    private static string Source() => $$"""
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <sys/ioctl.h>
        #include <sys/socket.h>
        #include <net/if.h>
        #include <linux/if_tun.h>
        #include <linux/virtio_net.h>
        #ifndef TUN_F_USO4
        #define TUN_F_USO4 0x20
        #define TUN_F_USO6 0x40
        #endif
        #ifndef VIRTIO_NET_HDR_GSO_UDP_L4
        #define VIRTIO_NET_HDR_GSO_UDP_L4 5
        #endif
        int main(void)
        {
        {{string.Join('\n', Ours.Keys.Select(k => $"    printf(\"{k}=%lld\\n\", (long long)({k}));"))}}
            return 0;
        }
        """;

    private static bool TryRun(string program, string[] arguments, out string output)
    {
        output = "";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
