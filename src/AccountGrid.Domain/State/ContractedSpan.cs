namespace AccountGrid.Domain.State;

/// <summary>A contracted capacity from a local day on.</summary>
/// <param name="Milli">Thousandths of a kVA or kW, as the tariff counts it; 0 is none.</param>
public readonly record struct ContractedSpan(int FromDay, long Milli);
