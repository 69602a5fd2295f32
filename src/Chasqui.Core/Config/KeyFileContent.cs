using Chasqui.Core.Keys;

namespace Chasqui.Core.Config;

/// <summary>What a key file holds, or why it could not be read.</summary>
/// <remarks>Ownership: a copy in pinned memory, zeroed by <see cref="Dispose"/>.</remarks>
public sealed class KeyFileContent : IDisposable
{
    private readonly byte[] _bytes;

    private KeyFileContent(ReadOnlySpan<byte> bytes, bool canSeek, string? openError, string? readError)
    {
        _bytes = SecretMemory.Copy(bytes);
        CanSeek = canSeek;
        OpenError = openError;
        ReadError = readError;
    }

    /// <summary>Whether it is a file with a position. An empty pipe is no empty file: stock refuses it.</summary>
    public bool CanSeek { get; }

    /// <summary>Why the file could not be opened, in the words of strerror(3), or null.</summary>
    public string? OpenError { get; }

    /// <summary>Why reading stopped before the end, in the words of strerror(3), or null.</summary>
    public string? ReadError { get; }

    /// <summary>The bytes; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> DangerousSpan => _bytes;

    /// <summary>A file that was read to its end. The caller zeroes its own copy.</summary>
    public static KeyFileContent Read(ReadOnlySpan<byte> bytes, bool canSeek) => new(bytes, canSeek, null, null);

    /// <summary>A file of which only these bytes could be read, a directory for instance.</summary>
    public static KeyFileContent Broken(ReadOnlySpan<byte> bytes, string readError) => new(bytes, true, null, readError);

    /// <summary>A file that could not be opened.</summary>
    public static KeyFileContent NotOpened(string openError) => new([], true, openError, null);

    /// <summary>Zeroes the bytes.</summary>
    public void Dispose() => SecretMemory.Zero(_bytes);
}
