using Chasqui.Core.Config;
using Chasqui.Provision;
using Chasqui.Quick;

namespace Chasqui.Tests.Provision;

public sealed class InterfaceFileTests
{
    [Fact]
    public void MakesTheFolderAndTheFileForTheOwnerOnly()
    {
        using ScratchFolder folder = new();
        string path = folder["etc/wireguard/wg0.conf"];

        InterfaceFile.Create(path, ConfDocument.Parse("[Interface]\n"));

        Assert.Equal("[Interface]\n", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void OverwritesNothing()
    {
        using ScratchFolder folder = new();
        File.WriteAllText(folder["wg0.conf"], "before");

        QuickException exception = Assert.Throws<QuickException>(() => InterfaceFile.Create(folder["wg0.conf"], ConfDocument.Parse("after")));

        Assert.Contains("exists and stays as it is", exception.Message, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(folder["wg0.conf"]));
    }
}
