namespace Chasqui.Cli.Commands.Wg;

/// <summary>The document that <c>show --json</c> writes. Source: docs/json.md.</summary>
/// <param name="Version">1. It grows when a member changes its meaning or goes; new members do not change it.</param>
/// <param name="Interfaces">The interfaces, in the order of <c>show interfaces</c>.</param>
internal sealed record ShowDocument(int Version, IReadOnlyList<InterfaceJson> Interfaces);
