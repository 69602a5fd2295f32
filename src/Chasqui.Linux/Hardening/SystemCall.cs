namespace Chasqui.Linux.Hardening;

/// <summary>A system call by its numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="X64">Its number on x86-64; negative if there is none.</param>
/// <param name="Arm64">Its number on arm64; negative if there is none.</param>
internal readonly record struct SystemCall(string Name, int X64, int Arm64);
