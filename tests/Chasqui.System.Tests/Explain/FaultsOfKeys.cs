using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using static Chasqui.System.Tests.Explain.FaultSteps;

namespace Chasqui.System.Tests.Explain;

/// <summary>Wrong keys, missing keys, and keys that two machines have.</summary>
internal static class FaultsOfKeys
{
    public static readonly Fault[] All =
    [
        Fresh("left has a wrong public key for right", ExplainCode.PeerKeyDiffers, ExplainCode.PeerHasWrongKey, scene =>
            ConnectWrongly(scene.Left, scene.Right, FaultHost.KeyOf(9))),
        Fresh("right has a wrong public key for left", ExplainCode.PeerHasWrongKey, ExplainCode.PeerKeyDiffers, scene =>
            ConnectWrongly(scene.Right, scene.Left, FaultHost.KeyOf(9))),
        Fresh("left has another private key than before", ExplainCode.PeerHasWrongKey, ExplainCode.PeerKeyDiffers, scene =>
            scene.Left.Engine.Apply(new DeviceChange { PrivateKey = FaultHost.KeyOf(9) })),
        Fresh("the preshared keys differ", ExplainCode.PresharedKeyMismatch, ExplainCode.ResponsesNotTaken, scene =>
        {
            SetPresharedKey(scene.Left, scene.Right, 1);
            SetPresharedKey(scene.Right, scene.Left, 2);
        }) with { Provoke = FromLeft },
        Fresh("only left has a preshared key", ExplainCode.PresharedKeyMismatch, ExplainCode.ResponsesNotTaken, scene =>
            SetPresharedKey(scene.Left, scene.Right, 1)) with { Provoke = FromLeft },
        Fresh("left is no peer of right", ExplainCode.NoAnswer, ExplainCode.NoPeers, scene =>
            scene.Right.Change(new PeerChange { PublicKey = scene.Left.PublicKey, Remove = true })),
        Fresh("left is no peer of right, and another is", ExplainCode.NoAnswer, ExplainCode.PeerKeyDiffers, scene =>
        {
            scene.Right.Change(new PeerChange { PublicKey = scene.Left.PublicKey, Remove = true });
            AddPhone(scene.Right);
        }) with { Provoke = FromLeft },
        Fresh("left has no private key", ExplainCode.NoPrivateKey, ExplainCode.NoAnswer, scene =>
            scene.Left.Engine.Apply(new DeviceChange { PrivateKey = new PrivateKey(new byte[32]) })),
        OnTheWay("left has a public key of right that is none", ExplainCode.UnusableKey, ExplainCode.NoEndpoint, scene =>
        {
            var none = new PublicKey([1, .. new byte[31]]);
            scene.Left.Change(new PeerChange { PublicKey = scene.Right.PublicKey, Remove = true });
            scene.Left.Know(none, scene.Right.Name);
            scene.Left.Change(new PeerChange
            {
                PublicKey = none,
                Endpoint = FaultHost.Endpoint($"{scene.Right.Outer}:{scene.Right.Port}"),
                AllowedIps = FaultHost.Prefixes($"{scene.Right.Inner}/32"),
            });
        }),
        Later("another machine has left's key, too", ExplainCode.OwnKeyElsewhere, ExplainCode.EndpointFlaps, scene =>
        {
            FaultHost twin = scene.AddTwin();
            KeepPinging(twin, scene.Right.Inner);
        }) with { Provoke = FromLeft },
    ];

    private static void AddPhone(FaultHost host)
    {
        PublicKey key = FaultHost.KeyOf(9).DerivePublicKey();
        host.Know(key, "phone");
        host.Change(new PeerChange { PublicKey = key, AllowedIps = FaultHost.Prefixes("10.9.0.9/32") });
    }
}
