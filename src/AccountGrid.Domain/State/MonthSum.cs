namespace AccountGrid.Domain.State;

/// <summary>What one local month was charged and is not billed yet.</summary>
/// <param name="Corrections">Corrections of days that were billed before.</param>
public readonly record struct MonthSum(int StartDay, long EnergyWh, ChargeParts Parts, WideMoney Corrections)
{
    public WideMoney Total => Parts.Total + Corrections;
}
