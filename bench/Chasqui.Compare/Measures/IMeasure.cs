using Chasqui.Compare.Contenders;

namespace Chasqui.Compare.Measures;

/// <summary>A way to measure a running contender. One object serves all contenders and rounds, and may remember what it found.</summary>
internal interface IMeasure
{
    /// <summary>What the option --measures calls it.</summary>
    string Name { get; }

    /// <summary>What it can give, in the order of the tables.</summary>
    IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Measures once. The contender has been started in the lab, and pings are answered.</summary>
    /// <returns>Some of its quantities; none if they mean nothing for this contender.</returns>
    /// <exception cref="LabException">It could not be measured.</exception>
    IEnumerable<Figure> Run(Lab lab, IContender contender);
}
