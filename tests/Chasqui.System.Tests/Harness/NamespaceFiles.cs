namespace Chasqui.System.Tests.Harness;

/// <summary>Files that lie over those of /etc in one namespace, for whatever <c>ip netns exec</c> starts there.</summary>
internal sealed class NamespaceFiles : IDisposable
{
    private const string All = "/etc/netns";

    private readonly string _folder;
    private bool _isDisposed;

    /// <summary>Makes the folder; before anything is started in the namespace.</summary>
    public NamespaceFiles(NetworkNamespace network)
    {
        _folder = FolderOf(network.Name);
        Cleanup.Add(this);
        Directory.CreateDirectory(_folder);
    }

    public static string FolderOf(string network) => $"{All}/{network}";

    /// <summary>Lays a text over a file of /etc that is there.</summary>
    public NamespaceFiles With(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return this;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Directory.Delete(_folder, recursive: true);
        if (Directory.GetFileSystemEntries(All).Length == 0)
        {
            Directory.Delete(All);
        }

        Cleanup.Remove(this);
    }
}
