namespace AccountGrid.Domain.Rating;

/// <summary>Where a spread difference ends up: so much energy on a local day at a rate of that day's tariff.</summary>
public interface IEnergySink
{
    void Add(DayPlan plan, int rate, Energy energy);
}
