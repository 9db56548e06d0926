using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>
/// What a closed day adds to the sums of a period under a two-part tariff. All lines of a meter close a day together, so its rows say all of it.
/// </summary>
internal static class TwoPartBooking
{
    /// <summary>Puts the day's highest demands, and its active and reactive energy where a meter measures both, into the closed sums.</summary>
    /// <param name="tariff">The day's.</param>
    /// <param name="rows">The day's rows of all lines that are closed.</param>
    public static void Add(ref Sums closed, AccountState account, Tariff tariff, int day, IReadOnlyList<(MeterState Line, DayRow Row)> rows)
    {
        if (tariff.TwoPart is not { } terms)
        {
            return;
        }

        var byLine = rows.ToDictionary(r => r.Line, r => r.Row);
        List<MeteredDay> metered =
            [.. account.Meters.Where(m => m.Lines.Any(byLine.ContainsKey)).Select(m => Of(terms, m, day, l => byLine.GetValueOrDefault(l)))];
        closed.TwoPart = TwoPartSums.With(closed.TwoPart, metered);
    }

    /// <summary>
    /// Tells once a month, by an exception of the account's first meter, that there is no contracted capacity on days of it, or none in the unit of the charge:
    /// a version of its product can bring such a charge without anybody having agreed on one.
    /// </summary>
    public static void Note(FoldContext context, AccountState account, Tariff tariff, int day)
    {
        if (tariff.TwoPart is { CountsDays: true } && account.ContractedOn(day, tariff) == 0)
        {
            var (meter, at) = MonthOf(account, account.PeriodOf(day, tariff).StartDay);
            ReadingExceptions.Raise(context, meter, account, at, VeeOutcome.CapacityMissing, 0, WordOf(account, tariff, day));
        }
    }

    /// <summary>
    /// A version that is announced brings a charge that the account's contracts do not fit: there is none in its unit, or one of a demand charge begins
    /// within a month. Told by the exception of the version's first month, before it begins.
    /// </summary>
    public static void NoteAhead(FoldContext context, AccountState account, Tariff version)
    {
        if (version.TwoPart is { CountsDays: true } && account.Meters.Count > 0 && WordOf(account, version, version.FromDay) is { } word)
        {
            var (meter, at) = MonthOf(account, version.PeriodStartOf(version.FromDay));
            ReadingExceptions.Raise(context, meter, account, at, VeeOutcome.CapacityMissing, 0, word);
        }
    }

    /// <summary>What is wrong with an account's contracts from a day on under a tariff with such a charge; null where nothing is.</summary>
    private static string? WordOf(AccountState account, Tariff tariff, int day)
    {
        var (contract, unit) = (account.ContractOn(day), CapacityUnits.Text(tariff.TwoPart!.Unit));
        var within = tariff.TwoPart.IsByDemand
            ? account.Contracted.Find(c => c.FromDay > day && DateOnly.FromDayNumber(c.FromDay).Day != 1 && CapacityUnits.Fits(c.Unit, CapacityUnit.Kw))
            : default;
        return contract.Milli == 0
            ? "The account's tariff charges for capacity or demand, and the account has no contracted capacity: set it from the month's first day on."
            : !CapacityUnits.Fits(contract.Unit, tariff.TwoPart.Unit)
                ? $"The account's tariff charges by {unit}, and its contracted capacity is in {CapacityUnits.Text(contract.Unit)}: set one in {unit} from the "
                    + "month's first day on."
            : within.Milli != 0
                ? $"The account's tariff charges for demand by whole months, and a contracted capacity begins on {Instants.DayToText(within.FromDay)}, within "
                    + "a month: set one from the month's first day on."
            : null;
    }

    /// <summary>The account's first contracted capacity was set from a day on.</summary>
    public static void Resolve(FoldContext context, AccountState account, int fromDay)
    {
        foreach (var period in account.Periods.Where(p => account.Meters.Count > 0 && fromDay <= Math.Max(p.StartDay, account.OpenedDay)))
        {
            var (meter, at) = MonthOf(account, period.StartDay);
            ReadingExceptions.Resolve(context, meter, account, at, VeeOutcome.CapacityMissing);
        }
    }

    private static (MeterState Meter, Point At) MonthOf(AccountState account, int startDay) =>
        (account.Meters[0], new Point(account.Calendar.StartOf(startDay), account.Meters[0].Last.ValueWh));

    private static MeteredDay Of(TwoPartTerms terms, MeterState meter, int day, Func<MeterState, DayRow?> rowOf)
    {
        var known = new MeteredDay(meter.SupplyPoint, day, meter.Number, meter.Assignment);
        if (terms.IsByDemand && rowOf(meter) is { } total)
        {
            known = known with { PeakW = total.Peak.W, PeakAtMs = total.Peak.AtMs };
        }

        if (!terms.HasPowerFactor || meter.Reactive is not { } reactive)
        {
            return known;
        }

        var active = meter.ChargedLines.Select(rowOf).ToList();
        return known with
        {
            ActiveWh = active.Sum(r => r?.Energy.Wh ?? 0),
            AtRates = active.Aggregate(WideMoney.Zero, (sum, r) => r is null ? sum : sum + r.Base).ToMoney(),
            ReactiveVarh = rowOf(reactive)?.Energy.Wh ?? 0,
            IsPair = active.TrueForAll(r => r is { IsWhole: true }) && rowOf(reactive) is { IsWhole: true },
        };
    }
}
