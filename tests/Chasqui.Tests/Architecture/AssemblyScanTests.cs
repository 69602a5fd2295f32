namespace Chasqui.Tests.Architecture;

/// <summary>The checker is checked: it finds each specimen, in the place where a person would look for it.</summary>
public sealed class AssemblyScanTests
{
    private const string Name = "Chasqui.Tests.Architecture.Specimens";
    private static readonly AssemblyScan Scan = AssemblyScan.Read("Chasqui.Tests");

    [Theory]
    [InlineData("Field", "System.Threading.Thread")]
    [InlineData("Call", "System.DateTime::get_UtcNow")]
    [InlineData("GenericArgument", "System.IO.FileStream")]
    [InlineData("TypeToken", "System.Net.Sockets.Socket")]
    [InlineData("CatchClause", "System.Net.Sockets.SocketException")]
    [InlineData("FarOperand", "System.Random::get_Shared")]
    [InlineData("Constraint", "System.IO.Stream")]
    [InlineData("Await", "System.Threading.Tasks.Task")]
    public void FindsWhatAMemberRefersTo(string member, string target) =>
        Assert.Contains(Scan.Uses, use => use.Where == $"{Name}.{member}" && use.Target == target);

    [Theory]
    [InlineData("System.Diagnostics.Stopwatch::GetTimestamp")] // in a lambda
    [InlineData("System.Runtime.CompilerServices.AsyncTaskMethodBuilder")] // in a state machine
    [InlineData("System.IAsyncDisposable")] // in the list of interfaces
    public void CountsGeneratedTypesAsTheTypeAroundThem(string target) =>
        Assert.Contains(Scan.Uses, use => use.From == Name && use.Target == target);

    [Fact]
    public void FindsStaticStateAndNothingElse()
    {
        var found = Scan.MutableStatics.Where(field => field.StartsWith(Name, StringComparison.Ordinal)).Order();

        Assert.Equal([$"{Name}.<MutableStaticProperty>k__BackingField", $"{Name}.MutableStatic"], found);
    }

    [Fact]
    public void FindsPInvokes() => Assert.Equal([$"{Name}.getpid"], Scan.PInvokes);

    [Fact]
    public void FindsReferencedAssemblies() => Assert.Contains("System.Reflection.Metadata", Scan.References);

    [Fact]
    public void SeesTheCallsInsideTheAssembly() =>
        Assert.Contains(Scan.Uses, use => use.From == typeof(AssemblyScanTests).FullName && use.Target == $"{typeof(AssemblyScan)}::Read");
}
