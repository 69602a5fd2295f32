using Chasqui.Core.Config;

namespace Chasqui.Core.Uapi;

/// <summary>One whole operation of a client.</summary>
/// <remarks>Ownership: the receiver disposes of it after use, which zeroes the secrets in <see cref="Change"/>.</remarks>
public sealed class UapiOperation : IDisposable
{
    private UapiOperation(UapiOperationKind kind, DeviceChange? change, UapiFailure? failure)
    {
        Kind = kind;
        Change = change;
        Failure = failure;
    }

    /// <summary>What is asked for.</summary>
    public UapiOperationKind Kind { get; }

    /// <summary>The change; not null exactly for <see cref="UapiOperationKind.Set"/>.</summary>
    public DeviceChange? Change { get; }

    /// <summary>Why nothing is done; not null exactly for <see cref="UapiOperationKind.Refused"/>.</summary>
    public UapiFailure? Failure { get; }

    /// <summary>Zeroes the secrets.</summary>
    public void Dispose()
    {
        if (Change is null)
        {
            return;
        }

        Change.PrivateKey?.Dispose();
        foreach (PeerChange peer in Change.Peers)
        {
            peer.PresharedKey?.Dispose();
        }
    }

    /// <summary>For how many seconds keys are asked for; not 0 exactly for <see cref="UapiOperationKind.KeyLog"/>.</summary>
    public int KeyLogSeconds { get; private init; }

    internal static UapiOperation KeyLog(int seconds) => new(UapiOperationKind.KeyLog, null, null) { KeyLogSeconds = seconds };

    internal static UapiOperation Get() => new(UapiOperationKind.Get, null, null);

    internal static UapiOperation Set(DeviceChange change) => new(UapiOperationKind.Set, change, null);

    internal static UapiOperation Refused(UapiFailure failure) => new(UapiOperationKind.Refused, null, failure);
}
