namespace Chasqui.Core.Config;

/// <summary>What a section of a configuration file describes.</summary>
public enum ConfSectionKind
{
    /// <summary>A section that stock tools do not know.</summary>
    Unknown,

    /// <summary><c>[Interface]</c>.</summary>
    Interface,

    /// <summary><c>[Peer]</c>.</summary>
    Peer,
}
