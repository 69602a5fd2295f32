using System.Text;
using Chasqui.Core.Config;
using Chasqui.Quick;

namespace Chasqui.Tests.Quick;

public sealed class QuickFileTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chasqui");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("nosuchinterfac", "`/etc/wireguard/nosuchinterfac.conf' does not exist")]
    [InlineData("nosuch.conf", "`nosuch.conf' does not exist, nor does `/etc/wireguard/nosuch.conf.conf'")]
    [InlineData("./nosuch.conf", "`./nosuch.conf' does not exist")]
    public void AFileThatIsNotThereIsNamedAsItWasLookedFor(string argument, string what)
    {
        QuickException load = Assert.Throws<QuickException>(() => QuickFile.Load(argument));
        QuickException check = Assert.Throws<QuickException>(() => QuickCheck.Load(argument));

        Assert.StartsWith(what + ". Give an interface", load.Message, StringComparison.Ordinal);
        Assert.Equal(load.Message, check.Message);
    }

    [Fact]
    public void CommandsOfRootsFileAreTaken()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to own files");

        Load("PostUp = ip rule add from %i # kept").CheckHooks();
    }

    [Theory]
    [InlineData("", UnixFileMode.OtherWrite)]
    [InlineData("", UnixFileMode.GroupWrite)]
    [InlineData("wg0.conf", UnixFileMode.OtherWrite)]
    public void CommandsThatOthersCouldHaveWrittenAreRefused(string writable, UnixFileMode mode)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to own files");
        string path = Write("PostUp = true"u8);
        string opened = Path.Combine(_folder.FullName, writable);
        File.SetUnixFileMode(opened, Private | mode);

        QuickException exception = Assert.Throws<QuickException>(QuickFile.Load(path).CheckHooks);

        Assert.StartsWith($"{path}:2: commands run as root", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandsBehindALinkThatOthersCouldTurnAreRefused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to own files");
        string path = Write("PostUp = true"u8);
        DirectoryInfo open = _folder.CreateSubdirectory("open");
        open.UnixFileMode = Private | UnixFileMode.OtherWrite;
        string link = Path.Combine(open.FullName, "wg1.conf");
        _ = File.CreateSymbolicLink(link, path);

        QuickFile file = QuickFile.Load(link);

        Assert.Equal(("wg1", path), (file.InterfaceName, file.Path));
        Assert.Throws<QuickException>(file.CheckHooks);
    }

    [Theory]
    [InlineData("PostUp = echo \e[2J")]
    [InlineData("PostUp = echo a\rb")]
    public void ACommandWithAControlCharacterIsRefused(string line) => Assert.Throws<QuickException>(Load(line).CheckHooks);

    [Fact]
    public void ACommandThatIsNotUtf8IsRefused() =>
        Assert.Throws<QuickException>(QuickFile.Load(Write([.. "PostUp = echo "u8, 0xE9])).CheckHooks);

    [Theory]
    [InlineData("9.9.9.9, fe80::1%eth0, example.com, ~corp.example, _sites.example, münchen.example")]
    [InlineData("")]
    public void NameServersAndDomainsAreTaken(string dns) => Load($"DNS = {dns}").CheckNameServers();

    [Theory]
    [InlineData("$(id)")]
    [InlineData("`id`")]
    [InlineData("a;id")]
    [InlineData("a'b")]
    [InlineData("-H")]
    [InlineData("a\eb")]
    public void WhatAResolversScriptCouldRunIsRefused(string word)
    {
        ConfigException exception = Assert.Throws<ConfigException>(Load($"DNS = 9.9.9.9, {word}").CheckNameServers);

        Assert.Equal((2, ConfKeys.Dns), (exception.Line, exception.Key));
    }

    [Fact]
    public void BytesThatAreNotUtf8AreKept()
    {
        byte[] comment = [.. "# caf"u8, 0xE9];
        string path = Write(comment);

        Assert.Equal(File.ReadAllBytes(path), ConfEncoding.Encode(QuickFile.Load(path).Text));
    }

    [Fact]
    public void WhatIsNotThereIsSaidWithARemedy()
    {
        string path = Path.Combine(_folder.FullName, "wg0.conf");

        QuickException exception = Assert.Throws<QuickException>(() => QuickFile.Load(path));

        Assert.StartsWith($"`{path}' does not exist. Give", exception.Message, StringComparison.Ordinal);
    }

    private QuickFile Load(string line) => QuickFile.Load(Write(Encoding.UTF8.GetBytes(line)));

    private string Write(ReadOnlySpan<byte> line)
    {
        string path = Path.Combine(_folder.FullName, "wg0.conf");
        File.WriteAllBytes(path, [.. "[Interface]\n"u8, .. line, (byte)'\n']);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
