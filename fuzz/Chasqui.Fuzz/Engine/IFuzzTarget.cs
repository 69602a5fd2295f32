namespace Chasqui.Fuzz.Engine;

/// <summary>One parser under test.</summary>
internal interface IFuzzTarget
{
    /// <summary>The word on the command line, and the corpus's folder.</summary>
    string Name { get; }

    /// <summary>What is fed to what, and what must hold.</summary>
    string Summary { get; }

    /// <summary>The longest input worth trying, in bytes.</summary>
    int MaxLength { get; }

    /// <summary>How often one input enters the code under test.</summary>
    int EntriesPerRun => 1;

    /// <summary>Inputs to begin with, besides those of the corpus.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Words of the format, for the mutator to put in.</summary>
    IReadOnlyList<byte[]> Tokens { get; }

    /// <summary>Feeds one input. Any exception is a finding.</summary>
    /// <remarks>Repeatable: nothing is kept from one input to the next.</remarks>
    void Run(ReadOnlySpan<byte> input);
}
