namespace Chasqui.Core.Config;

/// <summary>Takes a key's text from memory that is zeroed afterwards.</summary>
internal delegate void KeyTextAction(ReadOnlySpan<char> text);
