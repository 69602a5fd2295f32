using System.Collections.Concurrent;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Names;

namespace Chasqui.Tests.Device;

/// <summary>A device with a resolver of the test's own.</summary>
[Collection(nameof(WholeProcess))]
public sealed class NameLoopTests : IDisposable
{
    private static readonly IpEndpoint Address = new(IpAddress.V4(0x7F000001), 7777);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Sandbox _home = new();
    private readonly ConcurrentQueue<EndpointName> _asked = new();
    private readonly RecordingLogger _log = new();
    private readonly WireGuardDevice _device;
    private volatile Func<EndpointName, NameAnswer> _resolve = _ => new NameAnswer([Address], TimeSpan.FromMinutes(1), null);

    public NameLoopTests()
    {
        var tun = _home.CreateTun("wg0");
        _device = _home.Run(() => new WireGuardDevice(tun, _log, null, Resolve, workers: 0));
        using PrivateKey key = PrivateKey.Generate(new SystemEntropy());
        _device.Apply(new DeviceChange { PrivateKey = key });
    }

    public void Dispose()
    {
        _device.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void ANameBecomesAnEndpointOnceTheInterfaceIsUp()
    {
        Name("b.example:7777");
        Assert.Empty(_asked);

        _home.Ip("link set wg0 up");

        WaitFor(() => Peer().Endpoint == Address);
        Assert.Equal("b.example:7777", Peer().EndpointName.ToString());
        WaitFor(() => _log.Lines.Any(line => line.Contains("b.example:7777 is 127.0.0.1:7777; its endpoint is the first", StringComparison.Ordinal)));
    }

    [Fact]
    public void AFailureIsToldAndTriedAgain()
    {
        _resolve = _ => _asked.Count < 2 ? new NameAnswer([], default, "Try again") : new NameAnswer([Address], default, null);
        _home.Ip("link set wg0 up");
        Name("b.example:7777");

        WaitFor(() => Peer().Endpoint == Address);
        WaitFor(() => _log.Lines.Any(line => line.EndsWith("b.example:7777 is not resolved: Try again. Next try in 1.0 s", StringComparison.Ordinal)));
    }

    [Fact]
    public void WithoutANameThereIsNoThreadAndAfterAnAnswerItIsGone()
    {
        _home.Ip("link set wg0 up");
        Assert.Equal(0, Threads());
        using var isAsked = new ManualResetEventSlim();
        using var mayAnswer = new ManualResetEventSlim();
        _resolve = _ =>
        {
            isAsked.Set();
            mayAnswer.Wait();
            return new NameAnswer([Address], TimeSpan.FromMinutes(1), null);
        };
        Name("b.example:7777");
        Assert.True(isAsked.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(1, Threads());

        mayAnswer.Set();

        WaitFor(() => Threads() == 0);
    }

    /// <summary>The resolver of a machine without a network may think for half a minute.</summary>
    [Fact]
    public void TheDeviceWorksAndEndsWhileTheResolverThinks()
    {
        using var isAsked = new ManualResetEventSlim();
        using var mayAnswer = new ManualResetEventSlim();
        using var hasAnswered = new ManualResetEventSlim();
        _resolve = _ =>
        {
            isAsked.Set();
            mayAnswer.Wait();
            hasAnswered.Set();
            return new NameAnswer([Address], TimeSpan.FromMinutes(1), null);
        };
        _home.Ip("link set wg0 up");
        Name("b.example:7777");
        Assert.True(isAsked.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.True(Peer().Endpoint.IsNone);
        Name("c.example:7777");

        _device.Dispose();

        Assert.False(hasAnswered.IsSet);
        mayAnswer.Set();
        Assert.True(hasAnswered.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.False(_device.Exit.IsCompleted);
    }

    private NameAnswer Resolve(EndpointName name)
    {
        NameAnswer answer = _resolve(name);
        _asked.Enqueue(name);
        return answer;
    }

    private void Name(string text)
    {
        Assert.True(EndpointName.TryParse(text, out EndpointName name));
        _device.Apply(new DeviceChange { Peers = [new PeerChange { PublicKey = TestDevice.SomeKey(9), EndpointName = name }] });
    }

    private PeerSnapshot Peer()
    {
        using DeviceSnapshot snapshot = _device.Snapshot();
        return Assert.Single(snapshot.Peers);
    }

    // The class runs alone, or the threads of others' devices would count.
    private static int Threads() => Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task) == "names");

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return ""; // ended meanwhile
        }
    }

    private static void WaitFor(Func<bool> isSo) => Assert.True(SpinWait.SpinUntil(isSo, Patience));
}
