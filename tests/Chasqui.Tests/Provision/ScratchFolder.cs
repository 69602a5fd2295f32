namespace Chasqui.Tests.Provision;

/// <summary>A folder of the test's own, removed with everything in it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chasqui");

    internal string Path => _folder.FullName;

    internal string this[string name] => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
