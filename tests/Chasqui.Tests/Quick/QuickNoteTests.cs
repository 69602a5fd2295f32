using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Quick;
using Chasqui.Quick.Reload;

namespace Chasqui.Tests.Quick;

public sealed class QuickNoteTests
{
    private const string Key = "GtL7fZc/bLnqZldpVofMCD6hDjrK28SsdLxevJ+qtKU=";

    [Fact]
    public void IsReadAsItWasWritten()
    {
        var note = new QuickNote
        {
            Index = 7,
            Table = "777",
            NameServers = new QuickNameServers("10.8.0.1 fd00::1", "lan corp.example"),
            Hooks = "abc",
            Endpoints = new Dictionary<string, string> { [Key] = "[fd00::9]:51820" },
            Leaving = [new QuickRoute(new IpPrefix(IpAddress.V4(0x0A480000), 16), 254)],
            LeavingRules = [QuickRouting.HidingDefault(isV6: true) with { Priority = 32764 }],
        };

        QuickNote? read = QuickNote.Parse(note.ToString());

        Assert.NotNull(read);
        Assert.Equal(note.ToString(), read.ToString());
        Assert.Equal("[fd00::9]:51820", read.Endpoints[Key]);
        Assert.Equal(note.NameServers, read.NameServers);
        Assert.Equal(note.Leaving, read.Leaving);
        Assert.Equal(note.LeavingRules, read.LeavingRules);
    }

    [Theory]
    [InlineData("")]
    [InlineData("table=auto\n")]
    [InlineData("index=0\n")]
    [InlineData("index=-4\n")]
    [InlineData("index=99999999999\n")]
    public void IsNoneWithoutAnInterface(string text) => Assert.Null(QuickNote.Parse(text));

    [Fact]
    public void PassesOverWhatItDoesNotKnow()
    {
        QuickNote? note = QuickNote.Parse("index=3\nfuture=1\n\nnonsense\nendpoint=\nendpoint=a b c\nleaving=\nleaving=10.0.0.0/8 0\nleaving=x 254\nleaving-rule=5 1\nleaving-rule=4 x\ntable=off\n");

        Assert.Equal((3u, "off", 0, 0, 0), (note!.Index, note.Table, note.Endpoints.Count, note.Leaving.Count, note.LeavingRules.Count));
    }

    [Fact]
    public void IsOfOneInterfaceAndOfItsOwnerOnly()
    {
        string folder = Directory.CreateTempSubdirectory("chq-note-").FullName;
        try
        {
            new QuickNote { Index = 7, Table = "off" }.Write(folder, "wg0", TextWriter.Null);
            new QuickNote { Index = 7, Table = "12" }.Write(folder, "wg0", TextWriter.Null);

            Assert.Equal("12", QuickNote.Read(folder, "wg0", 7)?.Table);
            Assert.Null(QuickNote.Read(folder, "wg0", 8));
            Assert.Null(QuickNote.Read(folder, "wg1", 7));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "wg0.up")));

            QuickNote.Delete(folder, "wg0");
            QuickNote.Delete(folder, "wg0");
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void SaysThatItCannotBeWritten()
    {
        string file = Path.GetTempFileName();
        try
        {
            using var log = new StringWriter();

            new QuickNote { Index = 7 }.Write(file, "wg0", log); // a file where the folder should be

            Assert.StartsWith($"[!] {file}/wg0.up is not written: ", log.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void HoldsNoCommand()
    {
        QuickConf conf = QuickConf.Parse("[Interface]\nPostUp = wg set %i private-key <(echo secret)\n", null);
        QuickConf other = QuickConf.Parse("[Interface]\nPostUp = wg set %i private-key <(echo Secret)\n", null);

        Assert.DoesNotContain("secret", QuickNote.HashHooks(conf), StringComparison.Ordinal);
        Assert.NotEqual(QuickNote.HashHooks(conf), QuickNote.HashHooks(other));
    }
}
