using System.Text.Json;

namespace Chasqui.Core.Tests.Crypto;

/// <summary>One case of a Wycheproof file.</summary>
internal readonly struct WycheproofCase(JsonElement element)
{
    internal bool IsValid => Text("result") == "valid";

    internal bool HasFlag(string flag) => element.GetProperty("flags").EnumerateArray().Any(f => f.GetString() == flag);

    internal byte[] Bytes(string property) => Convert.FromHexString(Text(property));

    /// <summary>What to print when the case fails.</summary>
    public override string ToString() => $"Wycheproof case {element.GetProperty("tcId").GetInt32()}: {Text("comment")}";

    private string Text(string property) => element.GetProperty(property).GetString() ?? "";
}
