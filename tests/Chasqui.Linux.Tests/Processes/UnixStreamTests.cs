using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class UnixStreamTests
{
    [Fact]
    public void TextGoesBothWaysThroughReadersAndWriters()
    {
        using Scratch scratch = new();
        (UnixStream client, UnixStream server) = Pair(scratch);
        using (client)
        using (server)
        {
            using StreamWriter writer = new(client) { AutoFlush = true };
            writer.Write("set=1\nlisten_port=51820\n\n");
            using StreamReader reader = new(server);

            Assert.Equal("set=1", reader.ReadLine());
            Assert.Equal("listen_port=51820", reader.ReadLine());
            Assert.Equal("", reader.ReadLine());
        }
    }

    [Fact]
    public void MoreThanTheKernelQueuesIsWrittenToTheEnd()
    {
        using Scratch scratch = new();
        (UnixStream client, UnixStream server) = Pair(scratch);
        byte[] bytes = new byte[4_000_000];
        Random.Shared.NextBytes(bytes);
        Thread writer = new(() =>
        {
            client.Write(bytes);
            client.Dispose();
        });
        writer.Start();

        using MemoryStream received = new();
        server.CopyTo(received);

        writer.Join();
        server.Dispose();
        Assert.Equal(bytes, received.ToArray());
    }

    [Fact]
    public void TellsASocketFromAnotherFileAndFromNone()
    {
        using Scratch scratch = new();
        using UnixListener listener = UnixListener.Bind(scratch["s"]);
        File.WriteAllText(scratch["file"], "");
        _ = File.CreateSymbolicLink(scratch["link"], scratch["s"]);

        Assert.True(UnixStream.IsSocket(scratch["s"]));
        Assert.True(UnixStream.IsSocket(scratch["link"]));
        Assert.False(UnixStream.IsSocket(scratch["file"]));
        Assert.False(UnixStream.IsSocket(scratch["none"]));
    }

    [Fact]
    public void SilenceEndsARead()
    {
        using Scratch scratch = new();
        (UnixStream client, UnixStream server) = Pair(scratch);
        using (client)
        using (server)
        {
            server.ReadTimeout = 1;

            Assert.Equal(Errno.ETIMEDOUT, Assert.Throws<LinuxException>(() => server.Read(new byte[1])).Errno);
        }
    }

    [Fact]
    public void AReaderThatDoesNotReadEndsAWrite()
    {
        using Scratch scratch = new();
        (UnixStream client, UnixStream server) = Pair(scratch);
        using (client)
        using (server)
        {
            client.WriteTimeout = 1;

            Assert.Equal(Errno.ETIMEDOUT, Assert.Throws<LinuxException>(() => client.Write(new byte[4_000_000])).Errno);
        }
    }

    [Fact]
    public void ALostReaderIsAnErrorAndALostWriterTheEnd()
    {
        using Scratch scratch = new();
        (UnixStream client, UnixStream server) = Pair(scratch);
        using (client)
        {
            server.Dispose();

            Assert.Equal(0, client.Read(new byte[1]));
            Assert.Equal(Errno.EPIPE, Assert.Throws<LinuxException>(() => client.Write([1])).Errno);
        }
    }

    [Fact]
    public void NobodyThereIsSaidWithThePath()
    {
        using Scratch scratch = new();

        LinuxException refused = Assert.Throws<LinuxException>(() => UnixStream.Connect(scratch["nobody"]));

        Assert.Equal(Errno.ENOENT, refused.Errno);
        Assert.Contains("nobody", refused.Message, StringComparison.Ordinal);
    }

    private static (UnixStream Client, UnixStream Server) Pair(Scratch scratch)
    {
        using UnixListener listener = UnixListener.Bind(scratch["s"]);
        UnixStream client = UnixStream.Connect(scratch["s"]);
        UnixStream? server = listener.Accept();
        Assert.NotNull(server);
        return (client, server);
    }
}
