namespace Chasqui.Core.Config;

/// <summary>Reads a key file. The answer is the reader's to dispose of.</summary>
/// <remarks>Needs the first 4096 bytes only: no key file is longer, and one that is has been refused before their end.</remarks>
public delegate KeyFileContent KeyFileReader(string path);
