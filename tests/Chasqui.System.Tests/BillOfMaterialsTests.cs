using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>What <c>./build.sh publish</c> writes beside the binary of what is in it.</summary>
public sealed class BillOfMaterialsTests
{
    private readonly string _binary = Programs.PathOf(Implementation.Chasqui);
    private readonly JsonElement _bill;

    public BillOfMaterialsTests()
    {
        var file = $"{_binary}.cdx.json";
        if (!File.Exists(file))
        {
            Assert.Skip($"there is no {file}: ./build.sh publish writes it, where jq and readelf are");
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        _bill = document.RootElement.Clone();
    }

    [Fact]
    public void ItIsTheBillOfThisBinary()
    {
        Assert.Equal("CycloneDX", _bill.GetProperty("bomFormat").GetString());
        Assert.Equal("1.6", _bill.GetProperty("specVersion").GetString());
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$", _bill.GetProperty("serialNumber").GetString());
        var chasqui = _bill.GetProperty("metadata").GetProperty("component");
        Assert.Equal($"chasqui {chasqui.GetProperty("version").GetString()}", Command.Run($"{_binary} --version").Lines[0]);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_binary))), chasqui.GetProperty("hashes")[0].GetProperty("content").GetString());
    }

    [Fact]
    public void ItNamesTheRuntimeAndEveryPackageOfTheProjectsWithHashAndLicence()
    {
        var linked = Components().Where(component => Text(component, "scope") == "required").ToDictionary(component => Text(component, "name"));

        Assert.Contains(linked.Keys, name => name.StartsWith("Microsoft.NETCore.App.Runtime.NativeAOT.", StringComparison.Ordinal));
        Assert.Contains("libc.so.6", linked.Keys);
        Assert.All(Packages(), package => Assert.Equal(package.Version, Text(linked[package.Name], "version")));
        Assert.All(linked.Values.Where(component => component.TryGetProperty("purl", out _)), component =>
        {
            Assert.Equal($"pkg:nuget/{Text(component, "name")}@{Text(component, "version")}", Text(component, "purl"));
            Assert.Equal("MIT", component.GetProperty("licenses")[0].GetProperty("expression").GetString());
            Assert.Matches("^[0-9a-f]{128}$", component.GetProperty("hashes")[0].GetProperty("content").GetString());
        });
        var depended = _bill.GetProperty("dependencies")[0].GetProperty("dependsOn").EnumerateArray().Select(reference => reference.GetString());
        Assert.Equal(linked.Values.Select(component => Text(component, "bom-ref")).Order(), depended.Order());
    }

    [Fact]
    public void TheCompilerIsNamedAsWhatBuiltIt() =>
        Assert.Contains(Components(), component => Text(component, "name") == "Microsoft.DotNet.ILCompiler" && Text(component, "scope") == "excluded");

    private JsonElement.ArrayEnumerator Components() => _bill.GetProperty("components").EnumerateArray();

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    /// <summary>What the shipped projects ask for that ends in the binary, with the versions that are pinned.</summary>
    private static IEnumerable<(string Name, string Version)> Packages()
    {
        var versions = XDocument.Load(Path.Combine(Programs.Repository(), "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(entry => entry.Attribute("Include")!.Value, entry => entry.Attribute("Version")!.Value);
        return Directory.GetFiles(Path.Combine(Programs.Repository(), "src"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(project => XDocument.Load(project).Descendants("PackageReference"))
            .Where(reference => reference.Attribute("PrivateAssets") is null && reference.Attribute("ExcludeAssets") is null)
            .Select(reference => reference.Attribute("Include")!.Value)
            .Select(name => (name, versions[name]));
    }
}
