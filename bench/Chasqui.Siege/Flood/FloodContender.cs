using Chasqui.Compare;

namespace Chasqui.Siege.Flood;

/// <summary>A daemon that is flooded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its program.</param>
internal sealed record FloodContender(string Name, string Path)
{
    /// <summary>The daemon that bars are for.</summary>
    public const string OurName = "chasqui";

    private const string OtherName = "wireguard-go";

    /// <summary>Ours, and wireguard-go if it is here; one of them if the command line says so.</summary>
    /// <exception cref="LabException">It names another.</exception>
    public static IReadOnlyList<FloodContender> Find(FloodOptions options)
    {
        List<FloodContender> all = [new(OurName, Daemons.Ours)];
        string? other = Environment.GetEnvironmentVariable("WIREGUARD_GO");
        if (!string.IsNullOrEmpty(other)) all.Add(new(OtherName, other));
        else Console.WriteLine("there is no wireguard-go here");
        all.RemoveAll(contender => options.Program.Length > 0 && contender.Name != options.Program);
        return all.Count > 0 ? all : throw new LabException($"--program {options.Program}: {OurName} or {OtherName}, and it must be here");
    }
}
