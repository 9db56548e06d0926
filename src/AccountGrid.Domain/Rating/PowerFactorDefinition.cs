namespace AccountGrid.Domain.Rating;

/// <summary>
/// What a month's power factor adds to charges, or takes off them. The factor is active energy by apparent energy, P/√(P²+Q²), to two decimals, half up.
/// (Source: 功率因数调整电费办法, 1983.)
/// </summary>
public sealed record PowerFactorDefinition
{
    /// <summary>The factor that changes nothing, decimal string with two decimals, such as 0.90.</summary>
    public required string Standard { get; init; }

    /// <summary>
    /// The charges that it is on: <c>energy</c> (of meters that measure 3.8.0, at its rates, without levies), <c>capacity</c> (capacity or demand charge),
    /// <c>standing</c>.
    /// </summary>
    public required IReadOnlyList<string> On { get; init; }

    /// <summary>The table: the step with the highest factor that is not above a month's holds for it.</summary>
    public required IReadOnlyList<PowerFactorStep> Steps { get; init; }
}
