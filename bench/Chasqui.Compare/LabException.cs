namespace Chasqui.Compare;

/// <summary>A command failed, or what was waited for did not come; the message has the command and what it said.</summary>
internal sealed class LabException(string message) : Exception(message);
