using System.Diagnostics;
using System.Security.Cryptography;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Icmp;
using Chasqui.Linux.Udp;

namespace Chasqui.Explain;

/// <summary>Echo requests through a tunnel to one address inside. Threads: one.</summary>
internal sealed class EchoAsker : IDisposable
{
    private const int IpHeaderV4 = 20, IpHeaderV6 = 40, EchoHeader = 8;

    private readonly EchoSocket _socket;
    private readonly UdpAddress _to;
    private readonly int _headers;
    private ushort _sequence;

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">EPERM: it takes CAP_NET_RAW.</exception>
    internal EchoAsker(string interfaceName, IpAddress to)
    {
        _socket = EchoSocket.Open(to.IsV6, interfaceName, (ushort)RandomNumberGenerator.GetInt32(1, ushort.MaxValue));
        _to = UdpMapping.ToRemote(new IpEndpoint(to, 0));
        _headers = EchoHeader + (to.IsV6 ? IpHeaderV6 : IpHeaderV4);
    }

    /// <summary>How long the last answer took.</summary>
    internal TimeSpan RoundTrip { get; private set; }

    /// <summary>From here on requests are sent whole or not at all.</summary>
    internal void ForbidFragments() => _socket.ForbidFragments();

    /// <summary>Sends a request of some length, again if there is no answer, and waits for an answer to any of them.</summary>
    /// <param name="packetBytes">Length of the packet inside; as short as its headers at least.</param>
    /// <param name="patience">How long to wait after each.</param>
    /// <param name="tries">How many are sent while none is answered.</param>
    /// <returns>Whether one was answered: not if it does not fit the interface, or somebody says that it does not get there.</returns>
    internal bool Ask(int packetBytes, TimeSpan patience, int tries)
    {
        ushort first = ++_sequence;
        for (int i = 0; i < tries; i++)
        {
            _sequence = (ushort)(first + i);
            if (_socket.Send(_to, _sequence, Math.Max(0, packetBytes - _headers)) == Errno.EMSGSIZE)
            {
                return false;
            }

            if (Await(first, patience))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool Await(ushort first, TimeSpan patience)
    {
        using var poller = new Poller(1);
        _ = poller.Add(_socket.Descriptor, PollEvents.Read);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < patience)
        {
            poller.Wait((int)Math.Ceiling((patience - clock.Elapsed).TotalMilliseconds));
            while (_socket.TryReceive(out EchoAnswer answer))
            {
                if (answer.Kind == EchoAnswerKind.Reply && (ushort)(answer.Sequence - first) <= (ushort)(_sequence - first))
                {
                    RoundTrip = clock.Elapsed;
                    return true;
                }
            }
        }

        return false;
    }
}
