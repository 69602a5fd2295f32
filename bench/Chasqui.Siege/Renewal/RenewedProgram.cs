namespace Chasqui.Siege.Renewal;

/// <summary>What the floods did to one daemon.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Floods">What each flood did, by letter.</param>
internal sealed record RenewedProgram(string Name, string Version, IReadOnlyDictionary<string, RenewalFigures> Floods);
