using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Microsoft.Extensions.Logging;

namespace Chasqui.Tests.Device;

public sealed class EventLogTests
{
    private readonly EventJournal _journal = new();
    private readonly RecordingLogger _logger = new();

    [Fact]
    public void LogsWhatHappensUntilItEnds()
    {
        var signals = new EventSignals(_journal);
        using (new EventLog(_journal, signals, _logger, "wg7"))
        {
            _journal.Add(new TunnelEvent { Kind = TunnelEventKind.InterfaceUp, Number = 51820 });
            _journal.Add(TunnelEvent.Drop(DropReason.Malformed, default, new IpEndpoint(IpAddress.V4(1), 2)));
            _journal.Add(new TunnelEvent { Kind = TunnelEventKind.EndpointResolved });
            _journal.Add(new TunnelEvent { Kind = TunnelEventKind.UnderLoadBegan });
        }

        _journal.Add(new TunnelEvent { Kind = TunnelEventKind.UnderLoadEnded });

        Assert.Equal(
            [
                "Information: wg7: interface up, listening on port 51820", "Debug: wg7: 0.0.0.1:2: not a WireGuard message",
                "Warning: wg7: under load: handshakes are asked for a cookie",
            ],
            _logger.Lines);
    }

    /// <summary>Who adds events goes on although the log does not take lines.</summary>
    [Fact]
    public void ALogThatStandsHoldsUpNobodyAndWhatItMissedIsCounted()
    {
        using var gate = new ManualResetEventSlim();
        var signals = new EventSignals(_journal);
        using (new EventLog(_journal, signals, new StandingLogger(gate, _logger), "wg7"))
        {
            for (int i = 0; i < 2 * EventJournal.Capacity; i++)
            {
                _journal.Add(new TunnelEvent { Kind = TunnelEventKind.InterfaceUp, At = new Instant(i * 1_000_000_000L), Number = i });
            }

            gate.Set();
            Assert.True(SpinWait.SpinUntil(() => _logger.Lines.Any(line => line.EndsWith("port 511", StringComparison.Ordinal)), 10_000));
        }

        Assert.Contains(_logger.Lines, line => line.Contains("events came too fast", StringComparison.Ordinal));
    }

    private sealed class StandingLogger(ManualResetEventSlim gate, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            gate.Wait();
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
