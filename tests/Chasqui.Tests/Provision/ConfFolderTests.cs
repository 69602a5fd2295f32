using Chasqui.Provision;

namespace Chasqui.Tests.Provision;

public sealed class ConfFolderTests
{
    [Fact]
    public void ReadsNetworksAndPortsAndPassesOverWhatIsNone()
    {
        using ScratchFolder folder = new();
        File.WriteAllText(folder["wg0.conf"], "[Interface]\nAddress = 10.1.0.1/24, fd00::1/64\nListenPort = 51820\n");
        File.WriteAllText(folder["wg1.conf"], "[Interface]\nAddress = nonsense\nListenPort = 51821\n");
        File.WriteAllText(folder["wg2.conf"], "not a file\0");
        File.WriteAllText(folder["notes.txt"], "[Interface]\nListenPort = 9\n");
        Directory.CreateDirectory(folder["wg3.conf"]);

        ConfFolder read = ConfFolder.Read(folder.Path);

        Assert.Equal(["10.1.0.0/24", "fd00::/64"], read.Networks.Select(static network => network.ToString()));
        Assert.Equal([(ushort)51820, (ushort)51821], read.Ports.Order());
    }

    [Fact]
    public void AFolderThatIsNotThereHasNone() => Assert.Empty(ConfFolder.Read("/nowhere/at/all").Ports);
}
