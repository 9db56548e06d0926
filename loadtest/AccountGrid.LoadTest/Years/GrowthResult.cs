namespace AccountGrid.LoadTest.Years;

/// <param name="Wrong">Accounts whose balance is not that of the fleet's own books.</param>
/// <param name="DayRows">Day rows that were written.</param>
internal sealed record GrowthResult(IReadOnlyList<GrowthSample> Noons, int Wrong, long DayRows)
{
    /// <summary>The first noon by which days have been closed and the log was cut behind them: what a grid grows by begins here.</summary>
    private const int SteadyFrom = 3;

    /// <summary>Bytes a meter and day, over the noons from when days close.</summary>
    public double PerMeterAndDay(Func<GrowthSample, long> of, int meters)
    {
        var (from, to) = (Noons[SteadyFrom - 1], Noons[^1]);
        return (of(to) - of(from)) / (double)(to.Day - from.Day) / meters;
    }
}
