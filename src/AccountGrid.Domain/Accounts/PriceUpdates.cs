using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>
/// Prices of intervals as they are published. Those of days to come count from the record on. Where one changes what an account was charged already, because it
/// came late or is corrected, the account keeps the prices that it was charged by until its next check, which is due at once: there its days are charged again.
/// </summary>
internal static class PriceUpdates
{
    /// <summary>Local days that readings can lie ahead of the log's time by: zones and clocks.</summary>
    private const int DaysAhead = 2;

    /// <summary>Counts prices up to a publication.</summary>
    internal static void Take(FoldContext context, UsePrices command)
    {
        var (state, before) = (context.State, context.State.Prices.Through);
        if (command.Through <= before)
        {
            return;
        }

        state.Prices.Through = command.Through;
        var lastDay = DateOnly.FromDateTime(Instants.ToInstant(state.NowMs).UtcDateTime).DayNumber + DaysAhead;
        if (command.Through == before + 1 && command.FromDay > lastDay)
        {
            // Days to come, as nearly always: nobody is charged for them.
            return;
        }

        var changes = new Changes(before, command.Through, lastDay);
        foreach (var number in state.AccountNumbers.ToList())
        {
            if (IsTouched(state, number, changes) && state.FindAccount(number) is { } account)
            {
                account.PricedThrough ??= before;
                state.Schedule(account, state.NowMs);
                state.Touch(account, context.Position);
            }
        }
    }

    /// <summary>Closed days of the accounts that must be open before their prices are carried in; null is none. Nothing has changed.</summary>
    internal static DaysNeeded? Needed(FoldContext context, IReadOnlyList<int> accounts)
    {
        foreach (var number in accounts)
        {
            if (context.State.FindAccount(number) is { PricedThrough: not null } account && FirstDay(context, account) is { } first
                && account.Meters.Select(m => ClosedDays.From(m, first)).FirstOrDefault(n => n is not null) is { } needed)
            {
                return needed;
            }
        }

        return null;
    }

    /// <summary>
    /// Charges an account by the prices of now from the first day on that they change. Closed days are closed again at once, each with a correction that names
    /// its first entry and the publication.
    /// </summary>
    internal static void CarryIn(FoldContext context, AccountState account)
    {
        if (account.PricedThrough is null)
        {
            return;
        }

        if (FirstDay(context, account) is not { } first)
        {
            account.PricedThrough = null;
            return;
        }

        var charged = account.Charged;
        Rate(account, first, -1);
        account.PricedThrough = null;
        Rate(account, first, 1);
        account.Recharge();
        foreach (var (day, rows) in DayClosing.CloseReopened(context, account))
        {
            var cause = account.TariffOf(day).Series is { } series && series.DayOf(day, account.PricesThrough).Number is > 0 and var number
                ? $"prices:{series.Definition.Id}:{number}" : null;
            DayClosing.BookDay(context, account, day, rows, cause);
        }

        TariffCorrections.KeepFromCut(context, account, account.Charged - charged, "Prices of intervals came late or were corrected.");
    }

    /// <summary>Charges what was used from a local day on, or takes it back, by the prices that count for the account. No energy moves by it.</summary>
    private static void Rate(AccountState account, int firstDay, int sign)
    {
        var startMs = account.Calendar.StartOf(firstDay);
        var sink = new SinkFrom(account, firstDay, sign);
        foreach (var line in account.Lines.Where(l => l.IsCharged && RegisterCodes.IsImport(l.Register)))
        {
            var points = MeterLine.PointsOf(line);
            foreach (var (from, to) in MeterLine.PairsOf(points, long.MinValue, long.MaxValue).Select(p => (points[p.From], points[p.To])))
            {
                if (to.TimeMs > startMs && Charging.OutcomeOf(line, account, from, to, out var energy) == VeeOutcome.Accepted && energy.Wh != 0)
                {
                    Spreader.Spread(line.TariffsOf(account), Charging.SpreadFromMs(from, to), to.TimeMs, energy, to.Shape, ref sink);
                }
            }
        }
    }

    /// <summary>
    /// First local day of the account that prices changed which do not count for it yet; null where none is. Days that can no longer change, or that are too
    /// old to be charged for by the pack, keep theirs.
    /// </summary>
    private static int? FirstDay(FoldContext context, AccountState account)
    {
        var limit = Math.Max(account.SettledBeforeDay, ChangeableDays.FirstChargeableDay(context, account));
        var changes = new Changes(account.PricedThrough!.Value, context.State.Prices.Through, LastDay(account));
        return DaysOf(account, changes).Where(d => d >= limit).Select(d => (int?)d).FirstOrDefault();
    }

    /// <summary>Local days that prices changed on and that the account is charged for by them, rising.</summary>
    private static IEnumerable<int> DaysOf(AccountState account, Changes changes)
    {
        if (LastMs(account) == long.MinValue)
        {
            return [];
        }

        var (lastMs, lastDay) = (LastMs(account), LastDay(account));
        var days = new SortedSet<int>();
        for (var day = account.OpenedDay; day <= lastDay; day = account.TariffEndOf(day))
        {
            if (account.TariffOf(day) is { IsDynamic: true, Series: { } series })
            {
                days.UnionWith(changes.Of(series).Where(c => c.Day >= day && c.FromMs < lastMs && c.Day < account.TariffEndOf(day)).Select(c => c.Day));
            }
        }

        return days;
    }

    /// <summary>Up to where the account's meters are read, UTC ms; <see cref="long.MinValue"/> where none is.</summary>
    private static long LastMs(AccountState account) =>
        account.Lines.Where(l => l.Last.TimeMs > l.FromMs).Select(l => l.Last.TimeMs).DefaultIfEmpty(long.MinValue).Max();

    private static int LastDay(AccountState account) => account.Calendar.DayOfIntervalEnd(LastMs(account));

    private static bool IsTouched(PartitionState state, int number, Changes changes)
    {
        try
        {
            return state.PeekAccount(number) is { } account && DaysOf(account, changes).Any();
        }
        catch (Exception e) when (e is FormatException or InvariantBrokenException or OverflowException)
        {
            // One account that cannot be read must not keep prices from all others.
            return false;
        }
    }

    private readonly struct SinkFrom(AccountState account, int firstDay, int sign) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy)
        {
            if (plan.Day >= firstDay)
            {
                account.AddEnergy(plan, rate, new Energy(sign * energy.Wh));
            }
        }
    }

    /// <summary>Days that prices changed on, by series, worked out once.</summary>
    private sealed class Changes(int before, int through, int lastDay)
    {
        private readonly Dictionary<string, IReadOnlyList<(int Day, long FromMs)>> _days = [];

        public IReadOnlyList<(int Day, long FromMs)> Of(PriceSeries series) => _days.TryGetValue(series.Definition.Id, out var known) ? known
            : _days[series.Definition.Id] = series.ChangedDays(before, through, lastDay);
    }
}
