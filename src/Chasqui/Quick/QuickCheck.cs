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
        ConfFile file = ConfFile.Read(path, argument);
        return new CheckSubject
        {
            Text = file.Text,
            File = path,
            Facts = new CheckFileFacts(file.IsWorldAccessible, file.IsOnlyRoots),
            Services = EndpointLookup.FindPort,
            IsTableName = static name => RoutingTables.TryFind(name, out _),
        };
    }
}
