using System.Text;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Tests.Control;

public sealed class UapiClientTests : IDisposable
{
    private const int PatienceMilliseconds = 10_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("chasqui");
    private readonly List<UnixListener> _listeners = [];

    public void Dispose()
    {
        foreach (UnixListener listener in _listeners)
        {
            listener.Dispose();
        }

        _directory.Delete(recursive: true);
    }

    [Fact]
    public void ListsServedSocketsAndNothingElse()
    {
        _ = Listen("wg0");
        _ = Listen("wg1");
        LeaveStale("gone");
        File.WriteAllText(PathOf("file"), "");
        File.WriteAllText(Path.Combine(_directory.FullName, "wg2"), "");

        Assert.Equal(["wg0", "wg1"], Client().ListInterfaces().Order());
        Assert.False(File.Exists(PathOf("gone")));
        Assert.True(File.Exists(PathOf("file")));
    }

    [Fact]
    public void ListsNothingWhereThereIsNoDirectory() =>
        Assert.Empty(new UapiClient(Path.Combine(_directory.FullName, "none")).ListInterfaces());

    [Fact]
    public async Task ReadsAnInterfaceInPieces()
    {
        string answer = $"listen_port=7\npublic_key={new string('1', 64)}\nallowed_ip=10.0.0.0/8\nerrno=0\n\n";
        Task<string> server = Serve("wg0", [.. answer.Chunk(5).Select(piece => new string(piece))]);

        using DeviceSnapshot snapshot = Client().Get("wg0");

        Assert.Equal(7, snapshot.ListenPort);
        Assert.Equal("10.0.0.0/8", Assert.Single(Assert.Single(snapshot.Peers).AllowedIps).ToString());
        Assert.Equal("get=1\n\n", await server);
    }

    [Fact]
    public async Task SendsAChange()
    {
        Task<string> server = Serve("wg0", "errno=0\n\n");

        Client().Set("wg0", new DeviceChange { FwMark = 5, Peers = [new PeerChange { PublicKey = new PublicKey(new byte[32]), Remove = true }] });

        Assert.Equal($"set=1\nfwmark=5\npublic_key={new string('0', 64)}\nremove=true\n\n", await server);
    }

    [Theory]
    [InlineData("errno=-98\n\n", Errno.EADDRINUSE)]
    [InlineData("errno=-22\n\n", Errno.EINVAL)]
    [InlineData("errno=22\n\n", -Errno.EINVAL)]
    [InlineData("", 71)]
    [InlineData("nonsense\n", 71)]
    public void HandsTheDaemonsReasonOn(string answer, int errno)
    {
        _ = Serve("wg0", answer);

        Assert.Equal(errno, Assert.Throws<LinuxException>(() => Client().Set("wg0", new DeviceChange())).Errno);
    }

    [Theory]
    [InlineData("wg9")]
    [InlineData("file")]
    [InlineData("gone")]
    [InlineData("")]
    [InlineData("../x")]
    public void SaysThatThereIsNoSuchInterface(string name)
    {
        LeaveStale("gone");
        File.WriteAllText(PathOf("file"), "");

        int errno = Assert.Throws<LinuxException>(() => Client().Get(name)).Errno;

        Assert.Contains(errno, (int[])[Errno.EPROTONOSUPPORT, Errno.ENODEV]); // without and with the kernel's module
        Assert.False(File.Exists(PathOf("gone")) && name == "gone");
        Assert.True(File.Exists(PathOf("file")));
    }

    private UapiClient Client() => new(_directory.FullName);

    private string PathOf(string name) => Path.Combine(_directory.FullName, name + ".sock");

    private UnixListener Listen(string name)
    {
        UnixListener listener = UnixListener.Bind(PathOf(name));
        _listeners.Add(listener);
        return listener;
    }

    /// <summary>A socket whose listener is gone: renamed first, because a listener removes its own name.</summary>
    private void LeaveStale(string name)
    {
        using UnixListener listener = UnixListener.Bind(PathOf("x"));
        File.Move(PathOf("x"), PathOf(name));
    }

    /// <summary>Answers one client, and returns what it asked.</summary>
    private Task<string> Serve(string name, params string[] answer)
    {
        UnixListener listener = Listen(name);
        return Task.Run(() =>
        {
            using Poller poller = new(capacity: 1);
            _ = poller.Add(listener.Descriptor, PollEvents.Read);
            _ = poller.Wait(PatienceMilliseconds);
            using UnixStream stream = listener.Accept() ?? throw new TimeoutException("no client came");
            StringBuilder request = new();
            byte[] buffer = new byte[4096];
            while (!request.ToString().EndsWith("\n\n", StringComparison.Ordinal))
            {
                int length = stream.Read(buffer);
                Assert.NotEqual(0, length);
                request.Append(Encoding.ASCII.GetString(buffer, 0, length));
            }

            foreach (string piece in answer)
            {
                stream.Write(Encoding.ASCII.GetBytes(piece));
            }

            return request.ToString();
        });
    }
}
