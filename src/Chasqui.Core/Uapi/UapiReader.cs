using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Chasqui.Core.Uapi;

/// <summary>Reads a client's operations from the bytes of one connection, which may arrive in any pieces.</summary>
/// <remarks>
/// An operation is read whole, up to its empty line, before there is anything to apply. Values are as strict as wireguard-go's. The first
/// error ends the reading: the caller answers with its number and closes, because what follows cannot be told from a new operation.
/// Bounds: <see cref="MaxLineLength"/> a line; an operation takes at most about ten times its own length in memory.
/// Ownership: the caller zeroes the bytes that it handed in, since they may hold keys; copies inside the reader are zeroed by the reader.
/// Threads: one at a time.
/// Source: wireguard.com/xplatform (the configuration protocol).
/// </remarks>
public sealed class UapiReader : IDisposable
{
    /// <summary>The longest line in bytes, without its end. The longest that means anything has fewer than 100.</summary>
    public const int MaxLineLength = 4096;

    /// <summary>The longest operation in bytes unless another limit is given: room for about 200,000 peers or 3 million prefixes.</summary>
    public const int DefaultMaxOperationLength = 64 * 1024 * 1024;

    /// <summary>The longest time for which keys of handshakes are given.</summary>
    public const int MaxKeyLogSeconds = 3600;

    private readonly UapiLineBuffer _lines = new(MaxLineLength);
    private readonly Func<string, uint?>? _interfaceIndex;
    private readonly int _maxOperationLength;
    private UapiOperationKind? _kind;
    private UapiSetSection? _set;
    private int _line;
    private int _keyLogSeconds;
    private long _operationLength;

    /// <summary>Makes a reader with the default limit.</summary>
    /// <param name="interfaceIndex">
    /// The index of an interface by its name, for <c>[fe80::1%eth0]:51820</c>, or null if there is none; itself null if only numeric scopes
    /// are understood. It must not throw.
    /// </param>
    public UapiReader(Func<string, uint?>? interfaceIndex)
        : this(interfaceIndex, DefaultMaxOperationLength)
    {
    }

    /// <summary>Makes a reader.</summary>
    /// <param name="interfaceIndex">The index of an interface by its name, or null.</param>
    /// <param name="maxOperationLength">The longest operation in bytes, its empty line included.</param>
    public UapiReader(Func<string, uint?>? interfaceIndex, int maxOperationLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxOperationLength);
        _interfaceIndex = interfaceIndex;
        _maxOperationLength = maxOperationLength;
    }

    /// <summary>Whether no operation has been begun: a connection may end here.</summary>
    public bool IsIdle => _kind is null && _lines.IsEmpty;

    /// <summary>Takes bytes until an operation is whole or refused, or none are left.</summary>
    /// <param name="bytes">What arrived; becomes what is left for the next operation.</param>
    /// <param name="operation">The operation; the caller disposes of it. After a refusal every call refuses again.</param>
    /// <returns>Whether there is an operation; if not, all of <paramref name="bytes"/> is taken in.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out UapiOperation? operation)
    {
        while (_kind != UapiOperationKind.Refused)
        {
            UapiLineStatus status = _lines.Take(ref bytes, out ReadOnlySpan<byte> line);
            _line += status == UapiLineStatus.Incomplete ? 0 : 1;
            switch (status)
            {
                case UapiLineStatus.Incomplete:
                    operation = null;
                    return false;
                case UapiLineStatus.TooLong:
                    Refuse(UapiError.Io, $"is longer than {MaxLineLength} bytes; no key takes so much");
                    break;
                default:
                    operation = TakeLine(line);
                    if (operation is not null)
                    {
                        return true;
                    }

                    break;
            }
        }

        bytes = default;
        operation = UapiOperation.Refused(Failure!);
        return true;
    }

    /// <summary>Zeroes what has been read of an unfinished operation.</summary>
    public void Dispose()
    {
        _lines.Clear();
        _set?.Dispose();
        _set = null;
    }

    private UapiFailure? Failure { get; set; }

    private UapiOperation? TakeLine(ReadOnlySpan<byte> line)
    {
        _operationLength += line.Length + 1;
        if (_operationLength > _maxOperationLength)
        {
            Refuse(UapiError.TooLong, $"passes the limit of {_maxOperationLength} bytes for one operation; send several smaller ones");
            return null;
        }

        switch (_kind)
        {
            case null:
                Begin(line);
                return null;
            case UapiOperationKind.Get when line.IsEmpty:
                return End(UapiOperation.Get());
            case UapiOperationKind.Get:
                Refuse(UapiError.Invalid, "should be empty: get=1 takes no keys");
                return null;
            case UapiOperationKind.KeyLog when line.IsEmpty:
                return End(UapiOperation.KeyLog(_keyLogSeconds));
            case UapiOperationKind.KeyLog:
                Refuse(UapiError.Invalid, "should be empty: keylog takes no keys");
                return null;
            default:
                return TakeSetLine(line is [.. ReadOnlySpan<byte> text, (byte)'\r'] ? text : line);
        }
    }

    private void Begin(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("set=1"u8))
        {
            _kind = UapiOperationKind.Set;
            _set = new UapiSetSection(_interfaceIndex);
        }
        else if (line.SequenceEqual("get=1"u8))
        {
            _kind = UapiOperationKind.Get;
        }
        else if (line.StartsWith("keylog="u8))
        {
            BeginKeyLog(line["keylog=".Length..]);
        }
        else
        {
            Refuse(UapiError.Protocol, "begins no operation; write get=1 or set=1");
        }
    }

    private void BeginKeyLog(ReadOnlySpan<byte> seconds)
    {
        _kind = UapiOperationKind.KeyLog;
        if (!Utf8Parser.TryParse(seconds, out _keyLogSeconds, out int length) || length != seconds.Length || _keyLogSeconds is < 1 or > MaxKeyLogSeconds)
        {
            Refuse(UapiError.Invalid, $"keylog: give a number of seconds from 1 to {MaxKeyLogSeconds}");
        }
    }

    private UapiOperation? TakeSetLine(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            UapiOperation operation = UapiOperation.Set(_set!.Build());
            _set = null;
            return End(operation);
        }

        if (!UapiLine.TryCut(text, out UapiLine line))
        {
            Refuse(UapiError.Protocol, "has no '='; write key=value");
        }
        else if (_set!.Take(line) is { } problem)
        {
            string name = line.PrintableName();
            Refuse(UapiError.Invalid, $"{(name.Length == 0 ? "the text before '='" : name)}: {problem}");
        }

        return null;
    }

    private UapiOperation End(UapiOperation operation)
    {
        _kind = null;
        _line = 0;
        _operationLength = 0;
        return operation;
    }

    private void Refuse(int errno, string problem)
    {
        Failure = new UapiFailure(errno, _line, string.Create(CultureInfo.InvariantCulture, $"line {_line}: {problem}."));
        _kind = UapiOperationKind.Refused;
        Dispose();
    }
}
