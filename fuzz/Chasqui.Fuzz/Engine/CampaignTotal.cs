namespace Chasqui.Fuzz.Engine;

/// <summary>What one target has tried in all campaigns.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Entries">Entries into the code under test.</param>
/// <param name="Inputs">Inputs; one may enter many times.</param>
/// <param name="Seconds">Time taken.</param>
/// <param name="Edges">Pairs of branches that the widest run has reached; 0 where nothing is instrumented.</param>
/// <param name="Findings">Inputs that broke something; each is a test by now.</param>
internal sealed record CampaignTotal(string Target, long Entries, long Inputs, long Seconds, int Edges, int Findings);
