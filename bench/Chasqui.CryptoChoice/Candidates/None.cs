namespace Chasqui.CryptoChoice;

/// <summary>Nothing: what the program itself costs.</summary>
internal static class Candidate
{
    internal const string Name = "no cryptography";

    internal static (string Name, Action Run)[] Operations() => [];
}
