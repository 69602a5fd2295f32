using Chasqui.Core.Config;

namespace Chasqui.Core.Checks;

/// <summary>The file's name, and who may read and write it.</summary>
internal static class FileChecks
{
    internal static void Run(CheckedConf conf)
    {
        if (conf.Subject.File is { } file && !QuickConfName.TryGetInterface(file, out _))
        {
            conf.AddAt(0, CheckSeverity.Error, CheckRule.BadFileName, null, NameProblem(file), "rename it, for example to wg0.conf");
        }

        if (conf.Subject.Facts is not { } facts)
        {
            return;
        }

        if (facts.IsWorldReadable)
        {
            conf.AddAt(
                0, CheckSeverity.Warning, CheckRule.WorldReadable, null, "every user of this machine can get at the file, and so at its keys", "run chmod 600 on it");
        }

        IEnumerable<QuickValue> hooks = [.. conf.Quick.PreUp, .. conf.Quick.PostUp, .. conf.Quick.PreDown, .. conf.Quick.PostDown];
        if (!facts.IsOnlyRoots && hooks.Any())
        {
            conf.AddAt(
                hooks.Min(static hook => hook.Line),
                CheckSeverity.Error,
                CheckRule.HooksNotOfRoot,
                null,
                "commands run as root, and others than root can write this file, or a folder or a link on the way to it",
                "run chown root and chmod 600 on it, in a folder of root's");
        }
    }

    private static string NameProblem(string file)
    {
        string name = file[(file.LastIndexOf('/') + 1)..];
        bool isConf = name.EndsWith(QuickConfName.Extension, StringComparison.Ordinal);
        int length = name.Length - QuickConfName.Extension.Length;
        return !isConf ? $"the name does not end with {QuickConfName.Extension}, so that no interface has this file"
            : length > QuickConfName.MaxLength
                ? $"{ConfText.Quote(name.AsSpan(0, length))} is longer than the {QuickConfName.MaxLength} characters of an interface's name"
            : $"{ConfText.Quote(name)} is no interface's name, which has letters, digits and _=+.- only, and {QuickConfName.Extension} after it";
    }
}
