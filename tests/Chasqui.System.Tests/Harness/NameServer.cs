using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chasqui.System.Tests.Harness;

/// <summary>A name server in a namespace, and the namespace told to ask it: what runs there resolves what the test says.</summary>
/// <remarks>ip-netns(8) lays the files of /etc/netns/NAME over /etc for whatever it starts.</remarks>
internal sealed class NameServer : IDisposable
{
    private const int HeaderLength = 12;
    private const ushort TypeA = 1, TypeAaaa = 28;
    private const byte NoSuchName = 3;

    private readonly ConcurrentDictionary<string, Record> _records = new();
    private readonly NamespaceFiles _files;
    private readonly Socket _socket;
    private readonly Thread _thread;
    private volatile bool _isDisposed;
    private volatile bool _isSilent;
    private int _queries;

    private NameServer(NetworkNamespace network)
    {
        _files = new NamespaceFiles(network)
            .With("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
            .With("nsswitch.conf", "hosts: files dns\n");
        _socket = network.UdpSocket("127.0.0.1", 53);
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
        Cleanup.Add(this);
    }

    /// <summary>Whether queries are heard and not answered.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    /// <summary>How many queries came.</summary>
    public int Queries => Volatile.Read(ref _queries);

    /// <summary>Starts to serve a namespace; before anything is started there.</summary>
    public static NameServer Start(NetworkNamespace network) => new(network);

    /// <summary>Gives a name its addresses, of both families.</summary>
    public void Set(string name, int timeToLive, params IPAddress[] addresses) => _records[name] = new Record(timeToLive, addresses);

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _socket.Dispose();
        _thread.Join();
        _files.Dispose();
        Cleanup.Remove(this);
    }

    private void Serve()
    {
        var buffer = new byte[512];
        while (!_isDisposed)
        {
            try
            {
                EndPoint client = new IPEndPoint(IPAddress.Any, 0);
                var length = _socket.ReceiveFrom(buffer, ref client);
                Interlocked.Increment(ref _queries);
                if (!_isSilent)
                {
                    _socket.SendTo(Answer(buffer.AsSpan(0, length)), client);
                }
            }
            catch (SocketException)
            {
                // Nobody has asked for a while, or the socket was closed.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> query)
    {
        var (name, end) = ReadName(query);
        var type = BinaryPrimitives.ReadUInt16BigEndian(query[end..]);
        var isKnown = _records.TryGetValue(name, out var record);
        var family = type == TypeA ? AddressFamily.InterNetwork : type == TypeAaaa ? AddressFamily.InterNetworkV6 : AddressFamily.Unknown;
        var addresses = isKnown ? record!.Addresses.Where(address => address.AddressFamily == family).ToArray() : [];
        return
        [
            query[0], query[1], 0x81, (byte)(0x80 | (isKnown ? 0 : NoSuchName)), 0, 1, 0, (byte)addresses.Length, 0, 0, 0, 0,
            .. query[HeaderLength..(end + 4)],
            .. addresses.SelectMany(address => Resource(type, record!.TimeToLive, address)),
        ];
    }

    private static byte[] Resource(ushort type, int timeToLive, IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var time = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(time, timeToLive);
        return [0xC0, HeaderLength, 0, (byte)type, 0, 1, .. time, 0, (byte)bytes.Length, .. bytes];
    }

    private static (string Name, int End) ReadName(ReadOnlySpan<byte> query)
    {
        var name = new StringBuilder();
        var place = HeaderLength;
        while (query[place] != 0)
        {
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(query.Slice(place + 1, query[place])));
            place += 1 + query[place];
        }

        return (name.ToString(), place + 1);
    }

    private sealed record Record(int TimeToLive, IPAddress[] Addresses);
}
