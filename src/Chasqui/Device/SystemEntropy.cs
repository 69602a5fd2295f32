using System.Security.Cryptography;
using Chasqui.Core;

namespace Chasqui.Device;

/// <summary>The system's random generator.</summary>
public sealed class SystemEntropy : IEntropy
{
    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
