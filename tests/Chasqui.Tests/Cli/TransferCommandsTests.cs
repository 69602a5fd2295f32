namespace Chasqui.Tests.Cli;

/// <summary><c>import</c> and <c>export</c>.</summary>
public sealed class TransferCommandsTests : IDisposable
{
    private const string PrivateKey = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string PublicKey = "GtL7fZc/bLnqZldpVofMCD6hDjrK28SsdLxevJ+qtKU=";

    private const string Conf = $"# mine\r\n[Interface]\r\nPrivateKey = {PrivateKey}\r\nAddress = 10.0.0.1/24\r\nPostUp = echo {Long}; reboot\r\n\r\n"
        + $"[Peer] # office\r\nPublicKey = {PublicKey}\r\nAllowedIPs = 10.0.0.2/32\r\n";

    private const string Long = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private const string Script = $"# 2026-02-03 04:05:06 by RouterOS 7.21\n/interface wireguard\nadd name=wg1 private-key=\"{PrivateKey}\"\nadd name=\"wg 2\" listen-port=5\n"
        + $"/interface wireguard peers\nadd interface=wg1 public-key=\"{PublicKey}\" allowed-address=10.0.0.2/32 comment=office\n/ip address\nadd address=10.0.0.1/24 interface=wg1\n";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("chasqui-").FullName;
    private readonly TestTerminal _terminal = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AFileIsCopiedByteForByteForItsOwnersEyesOnly()
    {
        string target = Path.Combine(_folder, "new", "wg0.conf");

        Assert.Equal(0, Run("import", Write("office.conf", Conf), "--name", "wg0", "-o", Path.GetDirectoryName(target)! + "/"));

        Assert.Equal(Conf, File.ReadAllText(target));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(target));
        Assert.Equal($"Warning: line 5: PostUp is a command that runs as root; keep it only if you know it: echo {Long}; reboot\n", _terminal.Error.Replace("?\n", "\n", StringComparison.Ordinal));
        Assert.Equal($"{target} is written; bring it up with: chasqui up {target}\n", _terminal.Output);
    }

    [Fact]
    public void AnExportBecomesAFileForEachInterface()
    {
        Assert.Equal(0, Run("import", Write("export.rsc", Script), "-o", _folder));

        Assert.Contains("# Name = office\n", File.ReadAllText(Path.Combine(_folder, "wg1.conf")), StringComparison.Ordinal);
        Assert.Equal("[Interface]\nListenPort = 5\n", File.ReadAllText(Path.Combine(_folder, "wg2.conf")));
        Assert.Contains("Not carried over: line 4: `wg 2' is no interface's name on Linux; wg2 is.\n", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains("Not carried over: line 4: private-key: the export hides it.", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OneOfSeveralInterfacesIsTakenByItsName()
    {
        Assert.Equal(0, Run("import", Write("export.rsc", Script), "-o", Path.Combine(_folder, "x.conf"), "--name", "wg2"));

        Assert.Equal("[Interface]\nListenPort = 5\n", File.ReadAllText(Path.Combine(_folder, "x.conf")));
    }

    [Fact]
    public void ADryRunPrintsAndWritesNothing()
    {
        string file = Write("wg0.conf", Conf);

        Assert.Equal(0, Run("import", file, "--dry-run", "-o", _folder));

        Assert.Equal(Conf, _terminal.Output);
        Assert.Contains($"Would write {file}:\n", _terminal.Error, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void NothingIsReplacedUnlessForced()
    {
        string target = Write("wg1.conf", "before");
        string script = Write("export.rsc", Script);

        Assert.Equal(1, Run("import", script, "-o", _folder));

        Assert.Equal($"chasqui: `{target}' exists; give --name, --output, or --force to replace it.", _terminal.Error.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal("before", File.ReadAllText(target));
        Assert.False(File.Exists(Path.Combine(_folder, "wg2.conf")));

        File.SetUnixFileMode(target, OwnerOnly | UnixFileMode.OtherRead);
        Assert.Equal(0, Run("import", script, "-o", _folder, "--force"));
        Assert.StartsWith("[Interface]", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(target));
    }

    [Fact]
    public void ALinkThatOthersCouldHaveMadeIsNotWrittenThrough()
    {
        string file = Write("wg7.conf", Conf), victim = Write("victim", "before");
        DirectoryInfo open = Directory.CreateDirectory(Path.Combine(_folder, "open"));
        open.UnixFileMode |= UnixFileMode.OtherWrite;
        string link = Path.Combine(open.FullName, "x.conf");
        _ = File.CreateSymbolicLink(link, victim);

        Assert.Equal(0, Run("export", file, "-o", link, "--force"));

        Assert.Equal("before", File.ReadAllText(victim));
        Assert.Equal(Conf, File.ReadAllText(link));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(link));
    }

    [Theory]
    [InlineData("[Interface]\nAddress = 10.0.0.1/33\n", "IN:2: Address: `10.0.0.1/33' is no IPv4 or IPv6 address")]
    [InlineData("[Interface]\nNonsense = 1\n", "IN:2: Nonsense: there is no such key in an [Interface] section")]
    [InlineData("", "IN has no [Interface] section, and is no script of RouterOS either")]
    [InlineData("/ip address\nadd address=1.2.3.4\n", "IN has no interface of WireGuard")]
    [InlineData("/interface wireguard\nadd name=\"wg0\n", "line 2: the string has no end")]
    public void WhatIsWrongIsSaidInOneSentence(string text, string sentence)
    {
        string file = Write("wg7.conf", text);

        Assert.Equal(1, Run("import", file, "-o", Path.Combine(_folder, "out") + "/"));

        Assert.StartsWith($"chasqui: {sentence.Replace("IN", file, StringComparison.Ordinal).Replace($"no {file}", "no IN", StringComparison.Ordinal)}", _terminal.Error, StringComparison.Ordinal);
        Assert.Single(_terminal.Error.TrimEnd('\n').Split('\n'));
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    [Theory]
    [InlineData("import FILE.conf", "is no interface's; give --name IFNAME.")]
    [InlineData("import FILE.conf --name ../x", "--name `../x' is no interface's name")]
    [InlineData("import FOLDER/missing", "does not exist")]
    [InlineData("import FOLDER/export.rsc -o FOLDER/one", "is one file for 2 interfaces")]
    [InlineData("import FOLDER/export.rsc --name wg3", "--name wg3 is none of the interfaces of")]
    [InlineData("export FILE.conf --for bsd", "--for `bsd' is none of conf, routeros and linux")]
    [InlineData("export FILE.conf --for linux", "is no interface's; give --name IFNAME.")]
    [InlineData("export FILE.conf -o FOLDER/export.rsc", "exists; give another FILE, or --force")]
    public void WrongArgumentsAreSaidInOneSentence(string line, string sentence)
    {
        string file = Write("a name that is too long", Conf);
        File.Move(file, file + ".conf");
        _ = Write("export.rsc", Script);

        string[] arguments = [.. line.Split(' ').Select(word => word.Replace("FILE.conf", file + ".conf", StringComparison.Ordinal).Replace("FOLDER", _folder, StringComparison.Ordinal))];
        if (line.Contains("--for bsd", StringComparison.Ordinal))
        {
            arguments = [.. arguments, "--name", "wg0"];
        }

        Assert.Equal(1, Run(arguments));
        Assert.Contains(sentence, _terminal.Error, StringComparison.Ordinal);
        Assert.Empty(_terminal.Output);
    }

    [Fact]
    public void ExportPrintsTheFileAsItIs()
    {
        Assert.Equal(0, Run("export", Write("wg0.conf", Conf)));

        Assert.Equal(Conf, _terminal.Output);
        Assert.Empty(_terminal.Error);
    }

    [Fact]
    public void ExportWarnsWhereOthersCanRead()
    {
        TestTerminal terminal = new("", isOutputWorldAccessible: true);

        Assert.Equal(0, terminal.Run("chasqui", "export", Write("wg0.conf", Conf)));

        Assert.StartsWith("Warning: writing to world accessible file.\n", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsExportedForRouterOsIsImportedAgain()
    {
        string script = Path.Combine(_folder, "wg0.rsc");

        Assert.Equal(0, Run("export", Write("wg0.conf", Conf), "--for", "routeros", "-o", script));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(script));
        Assert.Contains("Not carried over: line 5: PostUp: ", _terminal.Error, StringComparison.Ordinal);
        Assert.Equal(0, Run("import", script, "-o", Path.Combine(_folder, "again.conf")));

        Assert.Equal(
            $"[Interface]\nPrivateKey = {PrivateKey}\nAddress = 10.0.0.1/24\n\n[Peer]\n# Name = office\nPublicKey = {PublicKey}\nAllowedIPs = 10.0.0.2/32\n",
            File.ReadAllText(Path.Combine(_folder, "again.conf")));
    }

    [Fact]
    public void ExportForLinuxIsAShellScript()
    {
        Assert.Equal(0, Run("export", Write("wg0.conf", Conf), "--for", "linux", "--name", "wg9"));

        Assert.StartsWith("sh -eu <<'END_OF_COMMANDS'\n", _terminal.Output, StringComparison.Ordinal);
        Assert.Contains("\nip link add dev wg9 type wireguard\n", _terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void StandardInputIsAFileToo()
    {
        TestTerminal terminal = new(Conf);

        Assert.Equal(0, terminal.Run("chasqui", "import", "-", "--name", "wg0", "-o", _folder));

        Assert.Equal(Conf, File.ReadAllText(Path.Combine(_folder, "wg0.conf")));
    }

    private int Run(params string[] arguments) => _terminal.Run("chasqui", arguments);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
