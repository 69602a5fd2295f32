namespace Chasqui.Cli.Commands.Peers;

/// <summary>The form in which a far end's configuration is handed over.</summary>
internal enum ClientFormat
{
    /// <summary>The file that wg-quick and the official apps read.</summary>
    Conf,

    /// <summary>Commands for RouterOS 7.</summary>
    RouterOs,

    /// <summary>Commands for Linux with stock ip and wg.</summary>
    Linux,
}
