namespace Chasqui.Core.Config.Provision;

/// <summary>Chooses a UDP port for a new interface.</summary>
public static class FreePort
{
    /// <summary>The port that every guide to WireGuard uses.</summary>
    public const ushort Usual = 51820;

    /// <summary>The usual port, else the next above it that is free.</summary>
    /// <param name="isTaken">Whether a file or a socket has a port.</param>
    /// <exception cref="ConfigException">None is free.</exception>
    public static ushort Choose(Func<ushort, bool> isTaken)
    {
        ArgumentNullException.ThrowIfNull(isTaken);
        for (int port = Usual; port <= ushort.MaxValue; port++)
        {
            if (!isTaken((ushort)port))
            {
                return (ushort)port;
            }
        }

        throw new ConfigException("no UDP port from 51820 up is free; give --port.");
    }
}
