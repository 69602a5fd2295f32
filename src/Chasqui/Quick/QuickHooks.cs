using Chasqui.Core.Config;

namespace Chasqui.Quick;

/// <summary>Commands of a configuration file, run by bash where there is one, else by sh.</summary>
internal static class QuickHooks
{
    /// <summary>The command that a hook stands for.</summary>
    internal static string Expand(QuickValue hook, string interfaceName) => QuickConf.ExpandHook(hook.Text, interfaceName);

    /// <summary>Runs a command.</summary>
    /// <exception cref="QuickException">It failed.</exception>
    internal static void Run(HostPrograms programs, string command)
    {
        // As the stock script's own shell is set up: a failing command ends the hook, and a pipe fails with any of its parts.
        if (programs.Find("bash") is { } bash)
        {
            programs.Run(bash, ["-e", "-o", "pipefail", "-O", "extglob", "-c", command], input: null);
        }
        else
        {
            programs.Run("sh", ["-e", "-c", command], input: null);
        }
    }
}
