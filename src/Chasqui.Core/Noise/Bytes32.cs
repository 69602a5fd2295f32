using System.Runtime.CompilerServices;

namespace Chasqui.Core.Noise;

/// <summary>32 bytes on the stack: a hash, a chaining key or a symmetric key while a handshake is computed.</summary>
[InlineArray(ProtocolConstants.KeyLength)]
internal struct Bytes32
{
    private byte _first;
}
