namespace Chasqui.Core.Tests.Config;

/// <summary>What a stock tool answered.</summary>
internal sealed record StockAnswer(int ExitCode, byte[] Output, byte[] Error);
