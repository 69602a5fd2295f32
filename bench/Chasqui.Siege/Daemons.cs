using Chasqui.Compare;

namespace Chasqui.Siege;

/// <summary>The programs under siege.</summary>
internal static class Daemons
{
    /// <summary>Where the sockets of UAPI are.</summary>
    public const string Sockets = "/var/run/wireguard";

    /// <summary>Ours: what the environment's CHASQUI names.</summary>
    /// <exception cref="LabException">It names none.</exception>
    public static string Ours => Environment.GetEnvironmentVariable("CHASQUI") is { Length: > 0 } path && File.Exists(path)
        ? Path.GetFullPath(path)
        : throw new LabException("CHASQUI must name the daemon's program: start this by ./build.sh");

    /// <summary>Whether all that is needed is there.</summary>
    /// <exception cref="LabException">It is not; the message names it.</exception>
    public static void RequireTools(params IEnumerable<string> tools)
    {
        if (!Environment.IsPrivilegedProcess) throw new LabException("network namespaces need root");
        if (!File.Exists("/dev/net/tun")) throw new LabException("there is no /dev/net/tun");
        foreach (string tool in tools)
        {
            if (Programs.Find(tool) is null) throw new LabException($"this needs the tool {tool}");
        }
    }

    /// <summary>Starts one as wireguard-go is started, and waits for its control socket.</summary>
    public static RunningProgram Start(Lab lab, End end, params IEnumerable<string> command)
    {
        string socket = $"{Sockets}/{Lab.Interface(end)}.sock";
        lab.DeleteAtEnd(socket);
        RunningProgram daemon = lab.Start(end, "env", ["LOG_LEVEL=error", .. command, Lab.Interface(end)]);
        Lab.WaitUntil(() => File.Exists(socket), "the control socket", daemon);
        return daemon;
    }
}
