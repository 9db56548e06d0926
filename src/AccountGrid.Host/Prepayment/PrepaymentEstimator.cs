using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using Npgsql;

namespace AccountGrid.Host.Prepayment;

/// <summary>
/// Rates an account's closed days of the last months again. It reads tables, and of the account what its partition has in memory: no account's grain is woken.
/// </summary>
internal sealed class PrepaymentEstimator(
    MeterDays days, TariffCatalog tariffs, IGrainFactory grains, NpgsqlDataSource database, PrepaymentOptions options, TimeProvider time)
{
    /// <summary>Least number of days with use: a month.</summary>
    public const int DaysMin = 28;

    /// <summary>Days after a month's end from which its days are taken to be closed and written.</summary>
    private const int ClosingDays = 4;

    /// <summary>Figures of an account, or why there are none.</summary>
    /// <param name="tariff">Id of the other tariff; null is the account's own.</param>
    public async Task<(PrepaymentFigures? Figures, long SavingNano, Refusal? Refusal)> OfAsync(AccountAddress address, string? tariff, Money level, Money topUp)
    {
        if (await grains.Partition(address.Partition).Workflow(address.Number) is not { } account)
        {
            return (null, 0, new(CustomerRefusals.NoPolicy, "The account is under no policy pack: set its customer first."));
        }

        var own = await tariffs.FindAsync(account.Tariff);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (other, refusal) = tariff is null ? (own, null) : await tariffs.FindForAsync(tariff, null, c => c.DayOf(now), "tariff");
        if (other is null)
        {
            return (null, 0, refusal);
        }

        if (other.Definition.Currency != own.Definition.Currency || other.Definition.Zone != own.Definition.Zone)
        {
            return (null, 0, new(TariffRefusals.Incompatible,
                $"tariff: '{tariff}' is in {other.Definition.Currency} and {other.Definition.Zone}; the account has {own.Definition.Currency} and "
                    + $"{own.Definition.Zone}."));
        }

        var (from, to) = Window(own.Calendar.DayOf(now), account.OpenedDay);
        var rows = await days.ClosedAsync(address.Number, address.Partition, Math.Min(own.PeriodStartOf(from), other.PeriodStartOf(from)), to);
        var known = rows.Where(r => r.Key.Day >= from).Select(r => r.Key.Day).Distinct().Count();
        if (known < DaysMin)
        {
            return (null, 0, new(PrepaymentRefusals.TooLittleKnown,
                $"{known} days of '{address.Id}' from {Instants.DayToText(from)} to {Instants.DayToText(to)} are known; {DaysMin} are needed."));
        }

        return await OfAsync(address, account, other, rows, (from, to, known), level, topUp);
    }

    /// <summary>The last months that are over and closed, from the account's first day on; the last day is before the first where there is none.</summary>
    internal (int From, int To) Window(int today, int openedDay)
    {
        var closed = DateOnly.FromDayNumber(today - ClosingDays);
        var end = new DateOnly(closed.Year, closed.Month, 1);
        return (Math.Max(openedDay, end.AddMonths(-options.Months).DayNumber), end.DayNumber - 1);
    }

    private async Task<(PrepaymentFigures? Figures, long SavingNano, Refusal? Refusal)> OfAsync(
        AccountAddress address, WorkflowView account, Tariff other, List<Domain.Partitions.DayRow> rows, (int From, int To, int Known) window, Money level,
        Money topUp)
    {
        var household = new Household(account.HouseholdSize, account.IsProtectedHousehold);
        var used = new List<UsedDay>();
        foreach (var row in rows)
        {
            used.Add(new(row.Key.Day, await tariffs.FindAsync(row.Tariff), row.RateWh));
        }

        var would = rows.ConvertAll(r => Rerating.Under(other, r.Key.Day, r.Energy.Wh, [r.Before, .. r.Points.Unpack(r.Before)]));
        var cost = Rerating.DailyCosts(used, household, account.OpenedDay, window.From, window.To);
        var daily = Rerating.DailyCosts(would, household, account.OpenedDay, window.From, window.To);
        var (sum, wouldSum) = (Sum(cost), Sum(daily));
        var fees = await LateFeesAsync(address, other.Calendar.StartOf(window.From), other.Calendar.StartOf(window.To + 1));
        var saving = sum + fees - wouldSum;
        var outlook = PrepaymentOutlook.Of(daily, level, topUp);
        return (new(
            address.Id, other.Definition.Currency, DateOnly.FromDayNumber(window.From), DateOnly.FromDayNumber(window.To), window.Known,
            rows.Where(r => r.Key.Day >= window.From).Sum(r => r.Energy.Wh), other.Definition.Id, other.Definition.Version, sum.ToString(), fees.ToString(),
            wouldSum.ToString(), saving.ToString(), level.ToString(), topUp.ToString(), outlook.Warnings, outlook.TopUps, outlook.DaysBelowZero),
            saving.ToMoney().Nano, null);
    }

    private async Task<Money> LateFeesAsync(AccountAddress address, long fromMs, long untilMs)
    {
        await using var command = database.CreateCommand(
            """
            select coalesce(sum(-amount_nano), 0)::bigint from entry where partition = $1 and account = $2 and kind = 'late-fee' and at_ms >= $3 and at_ms < $4
            """);
        Statements.Add(command, address.Partition, address.Number, fromMs, untilMs);
        return new((long)(await command.ExecuteScalarAsync())!);
    }

    private static WideMoney Sum(IEnumerable<WideMoney> costs) => costs.Aggregate(WideMoney.Zero, (a, b) => a + b);
}
