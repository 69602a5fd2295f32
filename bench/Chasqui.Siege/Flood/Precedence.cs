using Chasqui.Compare;

namespace Chasqui.Siege.Flood;

/// <summary>While it lives, this session's programs go before those of other sessions. Source: sched(7), "The autogroup feature".</summary>
internal sealed class Precedence : IDisposable
{
    private const string Autogroup = "/proc/self/autogroup";

    /// <summary>Begins.</summary>
    /// <exception cref="LabException">The kernel does not group programs by session.</exception>
    public Precedence()
    {
        if (!File.Exists(Autogroup)) throw new LabException("--first: this kernel does not schedule by sessions (no /proc/self/autogroup)");
        File.WriteAllText(Autogroup, "-19");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose(); // also when a signal ends the program
    }

    /// <inheritdoc/>
    public void Dispose() => File.WriteAllText(Autogroup, "0");
}
