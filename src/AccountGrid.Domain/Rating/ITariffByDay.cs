namespace AccountGrid.Domain.Rating;

/// <summary>Which tariff holds on a local day. All tariffs of one account share zone and currency.</summary>
public interface ITariffByDay
{
    Tariff TariffOf(int day);

    /// <summary>A plan near the instant, as a hint; the spreader checks it.</summary>
    DayPlan PlanAt(long ms);
}
