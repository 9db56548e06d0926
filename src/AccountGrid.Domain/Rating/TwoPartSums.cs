namespace AccountGrid.Domain.Rating;

/// <summary>
/// What the capacity or demand charge and the power factor of a period depend on, by days that are taken and days that are closed. Never all zero: that is
/// null. Immutable, and equal where all is.
/// </summary>
public sealed class TwoPartSums : IEquatable<TwoPartSums>
{
    private readonly MeteredDay[] _metered;

    private TwoPartSums(int days, long unitDays, MeteredDay[] metered)
    {
        (Days, UnitDays, _metered) = (days, unitDays, metered);
        foreach (var day in metered)
        {
            EnergyWh = checked(EnergyWh + day.ActiveWh);
            AtRates += day.AtRates;
            if (day.IsPair)
            {
                ActiveWh += day.ActiveWh;
                ReactiveVarh = checked(ReactiveVarh + day.ReactiveVarh);
                PairedDays++;
            }
        }

        Maximum = MaximumOf(metered);
    }

    /// <summary>Local days that are charged for.</summary>
    public int Days { get; }

    /// <summary>Contracted capacity of those days, summed: thousandths of a kVA or kW times days.</summary>
    public long UnitDays { get; }

    /// <summary>Closed days of meters, in the order of <see cref="MeteredDay.Key"/>; none that is empty.</summary>
    public IReadOnlyList<MeteredDay> Metered => _metered;

    /// <summary>Imported energy of meters that measure 3.8.0, Wh.</summary>
    public long EnergyWh { get; }

    /// <summary>What <see cref="EnergyWh"/> costs at its rates.</summary>
    public WideMoney AtRates { get; }

    /// <summary>Active energy that counts for the power factor, Wh: of days whose reactive energy is known too.</summary>
    public long ActiveWh { get; }

    /// <summary>Reactive energy of the same days, varh.</summary>
    public long ReactiveVarh { get; }

    /// <summary>Closed days of meters that count for the power factor.</summary>
    public int PairedDays { get; }

    /// <summary>The sum of the highest demands of the supply points, W, and when the largest of them began, UTC ms; zeros where none is known.</summary>
    public (long W, long AtMs) Maximum { get; }

    /// <summary>Sums as they were stored; null where all is zero.</summary>
    public static TwoPartSums? Of(int days, long unitDays, IEnumerable<MeteredDay> metered) =>
        OrNull(days, unitDays, [.. metered.Where(m => !m.IsEmpty).OrderBy(m => m.Key)]);

    /// <summary>Sums with days added, or taken off.</summary>
    /// <param name="unitDays">Their contracted capacity, summed.</param>
    public static TwoPartSums? AddDays(TwoPartSums? sums, int days, long unitDays) =>
        OrNull((sums?.Days ?? 0) + days, checked((sums?.UnitDays ?? 0) + unitDays), sums?._metered ?? []);

    /// <summary>Sums with closed days in the place of what was known of them; one that is empty is none.</summary>
    public static TwoPartSums? With(TwoPartSums? sums, IReadOnlyCollection<MeteredDay> days)
    {
        var keys = days.Select(d => d.Key).ToHashSet();
        return Of(sums?.Days ?? 0, sums?.UnitDays ?? 0, (sums?._metered ?? []).Where(m => !keys.Contains(m.Key)).Concat(days));
    }

    public bool Equals(TwoPartSums? other) =>
        other is not null && Days == other.Days && UnitDays == other.UnitDays && _metered.AsSpan().SequenceEqual(other._metered);

    public override bool Equals(object? obj) => Equals(obj as TwoPartSums);

    public override int GetHashCode() => HashCode.Combine(Days, UnitDays, _metered.Length);

    private static TwoPartSums? OrNull(int days, long unitDays, MeteredDay[] metered) =>
        days == 0 && unitDays == 0 && metered.Length == 0 ? null : new(days, unitDays, metered);

    private static (long W, long AtMs) MaximumOf(MeteredDay[] metered)
    {
        var (sum, highest) = (0L, (W: 0L, AtMs: 0L));
        for (var i = 0; i < metered.Length;)
        {
            // Days of a supply point stand together.
            var (point, peak) = (metered[i].SupplyPoint, (W: 0L, AtMs: 0L));
            for (; i < metered.Length && metered[i].SupplyPoint == point; i++)
            {
                peak = Higher(peak, (metered[i].PeakW, metered[i].PeakAtMs));
            }

            sum = checked(sum + peak.W);
            highest = Higher(highest, peak);
        }

        return (sum, highest.AtMs);
    }

    private static (long W, long AtMs) Higher((long W, long AtMs) a, (long W, long AtMs) b) => b.W > a.W || (b.W == a.W && b.AtMs < a.AtMs) ? b : a;
}
