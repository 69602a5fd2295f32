namespace Chasqui.Tests.Architecture;

public sealed class CoreLayersTests
{
    [Theory]
    [InlineData("Noise.Handshake", "Crypto.Kdf")]
    [InlineData("Sessions.Keypair", "Noise.Handshake")]
    [InlineData("Tunnel", "Sessions.Keypair")]
    [InlineData("Tunnel", "Peer")]
    [InlineData("Wire.Tai64n", "ProtocolConstants")]
    [InlineData("Uapi.UapiReader", "Config.DeviceChange")]
    [InlineData("Crypto.PacketAead", "PacketSlot")]
    public void MayKnow(string from, string to) => Assert.Null(Violation(from, to));

    [Theory]
    [InlineData("Crypto.Kdf", "Noise.SymmetricState")]
    [InlineData("Noise.Handshake", "Sessions.Keypair")]
    [InlineData("Noise.Handshake", "Peer")]
    [InlineData("Sessions.Keypair", "Tunnel")]
    [InlineData("Wire.InitiationView", "Noise.Handshake")]
    [InlineData("Config.DeviceChange", "Tunnel")]
    [InlineData("Uapi.UapiWriter", "Peer")]
    [InlineData("Instant", "Tunnel")]
    [InlineData("Keys.PrivateKey", "Crypto.X25519")]
    public void MustNotKnow(string from, string to) => Assert.NotNull(Violation(from, to));

    [Fact]
    public void AnUnknownNamespaceMustBeGivenARow() =>
        Assert.Contains("in no row", Violation("Tunnel", "Quic.Stream"), StringComparison.Ordinal);

    [Fact]
    public void WhatIsOutsideTheCoreIsNoConcernOfTheLayers() =>
        Assert.Null(CoreLayers.Violation(new Use("Chasqui.Core.Wire.Tai64n", "Write", "System.Int64", null)));

    private static string? Violation(string from, string to) =>
        CoreLayers.Violation(new Use($"Chasqui.Core.{from}", $"Chasqui.Core.{from}.Member", $"Chasqui.Core.{to}", null));
}
