using System.Text.Json;

namespace Chasqui.Tests.Cli;

public sealed class CheckCommandTests : IDisposable
{
    private const string Secret = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string Good = $"[Interface]\nPrivateKey = {Secret}\nListenPort = 51820\n";
    private const string Doubtful = $"[Interface]\nPrivateKey = {Secret}\nMTU = 1500\n";
    private const string Bad = $"[Interface]\nPrivateKey = {Secret}\nAdress = 10.0.0.1/24\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("chasqui").FullName;

    [Theory]
    [InlineData(Good, 0, 0)]
    [InlineData(Doubtful, 0, 1)]
    [InlineData(Bad, 1, 1)]
    public void ErrorsFailAndWarningsDoIfAskedFor(string text, int exitCode, int strictExitCode)
    {
        string path = Write("wg0.conf", text);

        Assert.Equal(exitCode, new TestTerminal().Run("chasqui", "check", path));
        Assert.Equal(strictExitCode, new TestTerminal().Run("chasqui", "check", "--strict", path));
    }

    [Fact]
    public void PrintsFindingsOfEachFileAndASummary()
    {
        string good = Write("wg0.conf", Good), bad = Write("wg1.conf", Bad + "MTU = 1500\n");
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "check", good, bad));

        Assert.Equal("", terminal.Error);
        Assert.Equal(
            $"""
            {bad}:2: warning: [Interface] PrivateKey: {good} has the same private key, so that peers take both for one. Make another with `chasqui genkey'.
            {bad}:3: error: [Interface] Adress: there is no such key in an [Interface] section. Did you mean Address?
            {bad}:4: warning: [Interface] MTU: `1500' is too large for a way of 1500 bytes over IPv4: large packets are lost. Give 1440 or less, or leave it out to have it found.
            2 files: 1 error, 2 warnings.

            """,
            terminal.Output);
        Assert.DoesNotContain(Secret, terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PrintsJson()
    {
        string path = Write("wg0.conf", Bad);
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "check", "--json", path));

        using var document = JsonDocument.Parse(terminal.Output);
        JsonElement root = document.RootElement, finding = root.GetProperty("findings")[0];
        Assert.Equal((1, 1, 0), (root.GetProperty("version").GetInt32(), root.GetProperty("errors").GetInt32(), root.GetProperty("warnings").GetInt32()));
        Assert.Equal(path, root.GetProperty("files")[0].GetString());
        Assert.Equal((path, 3), (finding.GetProperty("file").GetString(), finding.GetProperty("line").GetInt32()));
        Assert.Equal(("error", "unknown-line"), (finding.GetProperty("severity").GetString(), finding.GetProperty("rule").GetString()));
        Assert.Equal(("Interface", "Adress"), (finding.GetProperty("section").GetString(), finding.GetProperty("key").GetString()));
        Assert.Equal("Did you mean Address?", string.Concat(finding.GetProperty("remedy").GetString()![..1].ToUpperInvariant(), finding.GetProperty("remedy").GetString()![1..]));
    }

    [Fact]
    public void SaysWhoElseReadsAFileAndWritesItsCommands()
    {
        string path = Write("wg0.conf", Good + "PostUp = true\n");
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "check", path));

        Assert.Contains($"{path}: warning: every user of this machine can get at the file", terminal.Output, StringComparison.Ordinal);
        Assert.Contains($"{path}:4: error: [Interface]: commands run as root", terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNotThereIsSaidInOneSentence()
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "check", _folder + "/wg9.conf"));

        Assert.Equal("", terminal.Output);
        Assert.StartsWith($"chasqui: `{_folder}/wg9.conf' does not exist.", terminal.Error, StringComparison.Ordinal);
        Assert.Equal(1, new TestTerminal().Run("chasqui", "check", "--fix"));
        Assert.Equal(0, new TestTerminal().Run("chasqui", "check", "--help"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
