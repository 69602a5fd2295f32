namespace Chasqui.Core.Scripts;

/// <summary>A configuration as commands for another machine.</summary>
/// <remarks>The text may hold private keys: it lives no longer than the command it is for.</remarks>
public sealed class CommandScript
{
    internal CommandScript(string text, IReadOnlyList<string> notCarriedOver)
    {
        Text = text;
        NotCarriedOver = notCarriedOver;
    }

    /// <summary>The commands, ready to paste; lines end with line feeds. ASCII but for the configuration file within Linux's.</summary>
    public string Text { get; }

    /// <summary>One sentence for each thing that the configuration says and the commands do not, with its line.</summary>
    public IReadOnlyList<string> NotCarriedOver { get; }
}
