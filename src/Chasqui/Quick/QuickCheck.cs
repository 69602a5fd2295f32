using System.Security.Cryptography;
using Chasqui.Core.Checks;
using Chasqui.Core.Config;
using Chasqui.Names;

namespace Chasqui.Quick;

/// <summary>Finds and reads files for <see cref="ConfCheck"/>, with what the machine knows about them.</summary>
public static class QuickCheck
{
    /// <summary>All files of <see cref="QuickConfName.Directory"/>, in the order of their names.</summary>
    public static IReadOnlyList<string> FindAll()
    {
        if (!Directory.Exists(QuickConfName.Directory))
        {
            return [];
        }

        string[] files = Directory.GetFiles(QuickConfName.Directory, "*" + QuickConfName.Extension);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>Reads the file of an argument: a path to a file that is there, else what <c>up</c> looks up.</summary>
    /// <exception cref="QuickException">There is none, or it cannot be read.</exception>
    public static CheckSubject Load(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        bool isPath = argument.EndsWith(QuickConfName.Extension, StringComparison.Ordinal) && File.Exists(argument);
        string path = isPath ? argument : QuickConfName.PathOf(argument);
        if (!File.Exists(path))
        {
            throw new QuickException($"`{path}' does not exist. Give an interface whose file is in {QuickConfName.Directory}, or a file's path");
        }

        string real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            var subject = new CheckSubject
            {
                Text = ConfEncoding.Decode(bytes),
                File = path,
                Facts = new CheckFileFacts(QuickFile.IsWorldAccessible(real), QuickFile.IsOnlyRoots(real)),
                Services = EndpointLookup.FindPort,
                IsTableName = static name => RoutingTables.TryFind(name, out _),
            };
            CryptographicOperations.ZeroMemory(bytes);
            return subject;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new QuickException($"`{real}' is not readable. Run this as root", exception);
        }
    }
}
