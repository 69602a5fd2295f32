using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Uapi;

namespace Chasqui.Core.Tests.Config;

/// <summary>A control socket that answers with a snapshot and takes down what it is told to set.</summary>
internal sealed class FakeDevice : IDisposable
{
    internal const string Name = "chqtest0";

    private readonly string _directory = Directory.CreateTempSubdirectory("chasqui").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    internal FakeDevice()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory, Name + ".sock")));
        _listener.Listen(8);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Runs a command with a file and returns the set operation that it sends.</summary>
    internal string Run(DeviceSnapshot running, string command, byte[] file)
    {
        string path = Path.Combine(_directory, "file");
        File.WriteAllBytes(path, file);
        return Serve(running, command, Name, path).Request;
    }

    /// <summary>Runs a command that reads, and returns what it prints.</summary>
    internal string Show(DeviceSnapshot running, params string[] arguments) => Encoding.ASCII.GetString(Serve(running, arguments).Answer.Output);

    internal string ShowConf(DeviceSnapshot running) => Encoding.ASCII.GetString(Serve(running, "showconf", Name).Answer.Output);

    private (StockAnswer Answer, string Request) Serve(DeviceSnapshot running, params string[] arguments)
    {
        Task<StockAnswer> client = Task.Run(() => StockWg.RunWithSockets(_directory, arguments));
        string request = "";
        while (!client.IsCompleted)
        {
            if (_listener.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectRead))
            {
                using Socket connection = _listener.Accept();
                string operation = Read(connection);
                if (operation.Length == 0)
                {
                    continue; // stock looks first whether somebody is there
                }

                request = operation.StartsWith("set", StringComparison.Ordinal) ? operation : request;
                connection.Send(operation.StartsWith("get", StringComparison.Ordinal) ? Describe(running) : "errno=0\n\n"u8);
            }
        }

        StockAnswer answer = client.GetAwaiter().GetResult();
        Assert.True(answer.ExitCode == 0, Encoding.UTF8.GetString(answer.Error));
        return (answer, request);
    }

    private static string Read(Socket connection)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!text.ToString().EndsWith("\n\n", StringComparison.Ordinal) && connection.Receive(buffer) is > 0 and var length)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, length));
        }

        return text.ToString();
    }

    private static byte[] Describe(DeviceSnapshot running)
    {
        var output = new ArrayBufferWriter<byte>();
        UapiWriter.Write(running, output);
        return output.WrittenSpan.ToArray();
    }
}
