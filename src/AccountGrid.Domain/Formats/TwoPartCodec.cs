using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>Stored form of an account's contracted capacity, and of what its periods have under two-part tariffs.</summary>
internal static class TwoPartCodec
{
    public static bool Has(AccountState a) => a.Contracted.Count > 0 || a.Periods.Exists(p => p.Closed.TwoPart is not null);

    /// <summary>Behind the account's periods, in their order. Live sums have the same as closed ones.</summary>
    public static void Write(StateWriter w, AccountState a)
    {
        w.Unsigned((ulong)a.Contracted.Count);
        foreach (var contracted in a.Contracted)
        {
            w.Signed(contracted.FromDay);
            // Less than zero with a unit.
            w.Signed(contracted.Unit == CapacityUnit.Any ? contracted.Milli : -1 - ((contracted.Milli << 1) | (contracted.Unit == CapacityUnit.Kw ? 1L : 0)));
        }

        foreach (var period in a.Periods)
        {
            Write(w, period.Closed.TwoPart, period.StartDay);
        }
    }

    public static void Read(ref StateReader r, AccountState a)
    {
        for (var n = r.Unsigned(); n > 0; n--)
        {
            var (day, stored) = (r.Int(), r.Signed());
            a.Contracted.Add(stored >= 0
                ? new ContractedSpan(day, stored)
                : new ContractedSpan(day, (-1 - stored) >> 1, ((-1 - stored) & 1) == 0 ? CapacityUnit.Kva : CapacityUnit.Kw));
        }

        foreach (var period in a.Periods)
        {
            period.Live.TwoPart = period.Closed.TwoPart = ReadSums(ref r, period.StartDay);
        }
    }

    /// <summary>Numbers, then metered days behind their count; all zero is none.</summary>
    private static void Write(StateWriter w, TwoPartSums? sums, int startDay)
    {
        w.Signed(sums?.Days ?? 0);
        w.Signed(sums?.UnitDays ?? 0);
        w.Unsigned((ulong)(sums?.Metered.Count ?? 0));
        foreach (var day in sums?.Metered ?? [])
        {
            w.Signed(day.SupplyPoint);
            w.Signed(day.Day - startDay);
            w.Signed(day.Meter - day.SupplyPoint);
            w.Signed(((long)day.Assignment << 1) | (day.IsPair ? 1L : 0));
            w.Signed(day.PeakW);
            w.Signed(day.PeakAtMs);
            w.Signed(day.ActiveWh);
            w.Signed(day.AtRates.Nano);
            w.Signed(day.ReactiveVarh);
        }
    }

    private static TwoPartSums? ReadSums(ref StateReader r, int startDay)
    {
        var (days, unitDays) = (r.Int(), r.Signed());
        var metered = new List<MeteredDay>();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            var (point, day) = (r.Int(), startDay + r.Int());
            var (meter, assignment) = (point + r.Int(), r.Signed());
            metered.Add(new MeteredDay(point, day, meter, (int)(assignment >> 1), r.Signed(), r.Signed(), r.Signed(), new Money(r.Signed()), r.Signed(),
                (assignment & 1) != 0));
        }

        return TwoPartSums.Of(days, unitDays, metered);
    }
}
