namespace AccountGrid.Domain.State;

/// <summary>What one billing period was charged and is not billed yet.</summary>
/// <param name="StartDay">First local day of the period.</param>
/// <param name="Parts">What its days cost; <see cref="ChargeParts.Named"/> has the corrections' levies and taxes too, so that a bill names all of them.</param>
/// <param name="Corrections">Corrections of days that were billed before.</param>
public readonly record struct MonthSum(int StartDay, long EnergyWh, ChargeParts Parts, WideMoney Corrections)
{
    public WideMoney Total => Parts.Total + Corrections;
}
