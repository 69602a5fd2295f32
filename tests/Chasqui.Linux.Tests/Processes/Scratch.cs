namespace Chasqui.Linux.Tests.Processes;

/// <summary>A directory of the test's own, removed with everything in it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("chasqui");

    internal string this[string name] => Path.Combine(_directory.FullName, name);

    public void Dispose()
    {
        if (_directory.Exists)
            _directory.Delete(recursive: true);
    }
}
