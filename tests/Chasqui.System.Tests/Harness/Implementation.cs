namespace Chasqui.System.Tests.Harness;

/// <summary>A daemon that a scenario runs.</summary>
public enum Implementation
{
    /// <summary>The program of this repository, from <c>CHASQUI</c> or the publish folder.</summary>
    Chasqui,

    /// <summary>The distribution's <c>wireguard-go</c>, the implementation whose place we take.</summary>
    WireguardGo,
}
