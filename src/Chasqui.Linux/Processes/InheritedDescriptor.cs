namespace Chasqui.Linux.Processes;

/// <summary>A descriptor that a child is started with.</summary>
/// <param name="Number">Its number in the child.</param>
/// <param name="Descriptor">The parent's; it stays the parent's and open there.</param>
public readonly record struct InheritedDescriptor(int Number, FileDescriptor Descriptor);
