using System.Diagnostics;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Linux.Tun;

namespace Chasqui.Tests.Device;

/// <summary>Without descriptors to spare: refusals, and nothing half done; and all are given back in the end.</summary>
[Collection(nameof(WholeProcess))]
public sealed class ScarcityTests
{
    public ScarcityTests()
    {
        // What is loaded at first use takes descriptors: let that have happened.
        using var home = new Sandbox();
        using (var device = new TestDevice(home))
        {
            device.Up();
            device.Device.Apply(new DeviceChange { ListenPort = 0, FwMark = 1 });
            Assert.NotEqual(0, device.Port);
        }

        using (new DescriptorLimit(0))
        {
            Assert.Throws<LinuxException>(() => new EventFd());
        }
    }

    [Fact]
    public void AChangeThatNeedsDescriptorsIsRefusedWhole()
    {
        using var home = new Sandbox();
        using var device = new TestDevice(home);
        device.Up();
        ushort port = device.Port;

        for (int spare = 0; spare < 4; spare++)
        {
            using (new DescriptorLimit(spare))
            {
                LinuxException refusal = Assert.Throws<LinuxException>(() => device.Device.Apply(new DeviceChange { ListenPort = 0, FwMark = 5 }));
                Assert.True(refusal.Errno is Errno.EMFILE or Errno.EAGAIN, refusal.Message); // a thread takes some, too
            }

            using DeviceSnapshot snapshot = device.Device.Snapshot();
            Assert.Equal((port, 0u), (snapshot.ListenPort, snapshot.FwMark));
        }

        device.Device.Apply(new DeviceChange { ListenPort = 0 });
        Assert.NotEqual(port, device.Port);
    }

    [Fact]
    public void ADeviceThatCannotStartLeavesNothing()
    {
        using var home = new Sandbox();
        int before = CountDescriptors();
        int threads = CountThreads();

        int spare = 0;
        while (!CanStart(home, spare))
        {
            Assert.NotEqual(0, home.TryExecute("ip", "-br link show wg0").Code);
            spare++;
        }

        Assert.InRange(spare, 5, 30);
        AssertGivenBack(before, threads);
    }

    [Fact]
    public void DevicesThatComeAndGoLeaveNeitherDescriptorsNorThreads()
    {
        using var home = new Sandbox();
        using (var first = new TestDevice(home))
        {
            first.Up();
        }

        int before = CountDescriptors();
        int threads = CountThreads();
        for (int i = 0; i < 20; i++)
        {
            using var device = new TestDevice(home);
            device.Up();
            Assert.NotEqual(0, device.Port);
            device.Down();
            device.Up();
            device.Device.Apply(new DeviceChange { ListenPort = 0 });
        }

        AssertGivenBack(before, threads);
    }

    [Fact]
    public void AClientOfTheControlSocketWaitsUntilThereIsADescriptorForIt()
    {
        using var home = new Sandbox();
        using var device = new TestDevice(home);
        string path = Path.Combine(Path.GetTempPath(), $"chasqui-{Environment.ProcessId}-{Guid.NewGuid():N}.sock");
        using UnixListener listener = UnixListener.Bind(path);
        using var server = new UapiServer(listener, device.Device, device.Log);
        using UnixStream early = UnixStream.Connect(path); // what a first client loads has been loaded
        early.Write("get=1\n\n"u8);
        Assert.Equal("errno=0\n\n"u8.Length, early.Read(new byte[64]));

        UnixStream client;
        using (new DescriptorLimit(1))
        {
            client = UnixStream.Connect(path);
            client.Write("get=1\n\n"u8);
            Assert.True(SpinWait.SpinUntil(() => CountRefusals(device) > 0, TimeSpan.FromSeconds(10)), "The server accepts without descriptors.");
        }

        client.ReadTimeout = 10_000;
        Assert.Equal("errno=0\n\n"u8.Length, client.Read(new byte[64]));
        client.Dispose();
        Assert.Equal(1, CountRefusals(device)); // said once, however often it was tried
    }

    private static int CountRefusals(TestDevice device) =>
        device.Log.Lines.Count(line => line.Contains("UAPI connection not accepted", StringComparison.Ordinal));

    private static bool CanStart(Sandbox home, int spareDescriptors)
    {
        TunDevice tun = home.CreateTun("wg0");
        using (new DescriptorLimit(spareDescriptors))
        {
            try
            {
                new WireGuardDevice(tun, new RecordingLogger(), null).Dispose();
                return true;
            }
            catch (LinuxException)
            {
                return false;
            }
        }
    }

    private static void AssertGivenBack(int descriptors, int threads)
    {
        // What half a constructor opened is closed with the objects.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.InRange(CountDescriptors(), 0, descriptors + 4);
        Assert.InRange(CountThreads(), 0, threads + 4); // the pool's own come and go
    }

    private static int CountDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static int CountThreads() => Directory.GetFileSystemEntries("/proc/self/task").Length;

    /// <summary>As long as it lives, this process can open only so many descriptors more.</summary>
    private sealed class DescriptorLimit : IDisposable
    {
        private const int Soft = 600;

        private readonly List<EventFd> _hogs = [];
        private readonly string _limits;

        internal DescriptorLimit(int spare)
        {
            // What other tests have left as garbage gives its descriptors back when it likes: let that have happened.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            string line = File.ReadLines("/proc/self/limits").Single(text => text.StartsWith("Max open files", StringComparison.Ordinal));
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            _limits = $"{words[3]}:{words[4]}";
            SetLimit($"{Soft}:{words[4]}");
            try
            {
                while (true)
                {
                    _hogs.Add(new EventFd());
                }
            }
            catch (LinuxException exception) when (exception.Errno == Errno.EMFILE)
            {
                for (int i = 0; i < spare; i++)
                {
                    _hogs[^1].Dispose();
                    _hogs.RemoveAt(_hogs.Count - 1);
                }
            }
        }

        public void Dispose()
        {
            _hogs.ForEach(hog => hog.Dispose());
            SetLimit(_limits);
        }

        private static void SetLimit(string limits)
        {
            using Process process = Process.Start("prlimit", $"--pid {Environment.ProcessId} --nofile={limits}");
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
