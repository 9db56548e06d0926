using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>A contracted capacity from a local day on.</summary>
/// <param name="Milli">Thousandths of <paramref name="Unit"/>; 0 is none.</param>
/// <param name="Unit">A charge in another unit does not go by it.</param>
public readonly record struct ContractedSpan(int FromDay, long Milli, CapacityUnit Unit = CapacityUnit.Any);
