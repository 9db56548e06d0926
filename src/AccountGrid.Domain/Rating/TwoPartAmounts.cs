namespace AccountGrid.Domain.Rating;

/// <summary>What a two-part tariff adds to a period's charge.</summary>
/// <param name="Capacity">Capacity or demand charge.</param>
/// <param name="OnEnergy">Adjustment by the power factor of what energy costs.</param>
/// <param name="OnFixed">Adjustment of the capacity or demand charge and of the standing charge.</param>
internal readonly record struct TwoPartAmounts(WideMoney Capacity, WideMoney OnEnergy, WideMoney OnFixed)
{
    public WideMoney Adjustment => OnEnergy + OnFixed;
}
