using System.Globalization;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using Dapper;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace AccountGrid.Host.Accounts;

/// <summary>Puts what grains and tables hold into the API's words.</summary>
internal sealed class AccountReader(
    NpgsqlDataSource database, GridDirectory directory, TariffCatalog tariffs, MeterDays days, DecisionHistory history, MeterRatioReader ratios,
    IMemoryCache cache, TimeProvider time)
{
    public async Task<BalanceAnswer> BalanceAsync(AccountView view) => new(
        Text(view.BalanceNano), view.Currency, Instants.ToInstant(view.AsOfMs), view.Position, view.Version, view.TenthsOfDaysLeft / 10m,
        await MetersAsync(view));

    public async Task<AccountAnswer> AnswerAsync(string id, AccountView view)
    {
        var named = await tariffs.FindAsync(view.Tariff);

        // The view is as old as the account's last change; a further version may have begun since.
        var tariff = view.FollowsProduct
            ? named.Product.VersionOn(named.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds())) ?? named
            : named;
        return new(
            id, view.IsOpen, view.Mode, view.Currency, view.Zone, Text(view.BalanceNano), Text(view.LedgerBalanceNano), Text(view.CreditNano),
            Text(view.ChargedNano), Instants.ToInstant(view.AsOfMs), view.Version, await PeriodsAsync(view), await MetersAsync(view), tariff.Definition.Id,
            tariff.Definition.Version, view.FollowsProduct,
            view.ContractedMilli == 0 ? null : CapacityDecisions.Text(view.ContractedMilli), view.ContractedUnit is "" ? null : view.ContractedUnit);
    }

    public async Task<Page<EntryAnswer>> EntriesAsync(AccountAddress account, int limit, string? cursor)
    {
        var after = Requests.ReadCursor(cursor, 2);
        await using var connection = await database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<EntryRow>(
            """
            select partition, position, sequence, kind, amount_nano, balance_nano, at_ms, day::text as day, corrects_position, energy_nano, tiers_nano,
              standing_nano, tax_nano, levies_nano, export_nano, capacity_nano, power_factor_nano, reference
            from entry where partition = @partition and account = @account and (@position::bigint is null or (position, sequence) < (@position, @sequence))
            order by position desc, sequence desc limit @take
            """,
            new
            {
                partition = account.Partition,
                account = account.Number,
                position = Part(after, 0),
                sequence = (int?)Part(after, 1) ?? 0,
                take = limit + 1
            })).AsList();
        var more = rows.Count > limit;
        var data = rows.Take(limit).Select(Answer).ToList();
        return new Page<EntryAnswer>(data, more ? Requests.Cursor(rows[limit - 1].Position, rows[limit - 1].Sequence) : null, more);
    }

    /// <summary>From the balance back to days, tariffs and payments, all of one moment. Null if there is no such account.</summary>
    public async Task<ExplainAnswer?> ExplainAsync(AccountAddress address)
    {
        if (await days.OfAccountAsync(address.Number, address.Partition) is not var (view, rows))
        {
            return null;
        }

        var answers = new List<ExplainDay>();
        var known = await ratios.OfAccountAsync(address.Partition, address.Number);
        foreach (var day in rows.OrderBy(d => d.Meter).ThenBy(d => d.Day).ThenBy(d => d.Assignment).ThenBy(d => d.Register))
        {
            answers.Add(DayAnswers.Of(await MeterIdAsync(day.Meter), day, await tariffs.FindAsync(day.Tariff), known));
        }

        var agrees = view.BalanceNano == view.CreditNano - view.ChargedNano
            && view.ChargedNano == view.Periods.Aggregate(view.SettledNano, (sum, p) => sum + p.ChargeNano) && await SumAsync(view, rows);
        return new ExplainAnswer(
            address.Id, Text(view.BalanceNano), view.Currency, view.Position, Text(view.CreditNano), await CreditsAsync(address), Text(view.ChargedNano),
            await PeriodsAsync(view), answers, agrees, await DecisionsAsync(address));
    }

    /// <summary>
    /// Whether each period's energy, imported and exported, and its cost by rate are the sums of its days, and no day outside of them has any, but days
    /// whose periods are settled.
    /// </summary>
    private async Task<bool> SumAsync(AccountView view, IReadOnlyList<DayView> rows)
    {
        var sums = view.Periods.ToDictionary(p => (p.Tariff, p.StartDay), p => (p.EnergyWh, p.EnergyNano));
        var exported = view.Periods.ToDictionary(p => (p.Tariff, p.StartDay), p => p.Export?.ExportedWh.Sum() ?? 0);
        foreach (var day in rows)
        {
            var key = (day.Tariff, (await tariffs.FindAsync(day.Tariff)).PeriodStartOf(day.Day));
            var wh = day.RateWh.Sum();
            if (day.Register == (int)RegisterKind.Export)
            {
                // Days of periods that are settled are no part of any.
                exported[key] = exported.TryGetValue(key, out var of) || view.SettledNano == 0 ? of - wh : 0;
                continue;
            }

            if (day.Register == (int)RegisterKind.Reactive)
            {
                continue;
            }

            if (sums.TryGetValue(key, out var left))
            {
                sums[key] = (left.EnergyWh - wh, left.EnergyNano - day.EnergyNano);
            }
            else if (wh != 0 && view.SettledNano == 0)
            {
                return false;
            }
        }

        return sums.Values.All(s => s == default) && exported.Values.All(wh => wh == 0);
    }

    private async Task<List<EntryAnswer>> CreditsAsync(AccountAddress account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<EntryRow>(
            """
            select partition, position, sequence, kind, amount_nano, balance_nano, at_ms, day::text as day, corrects_position, energy_nano, tiers_nano,
              standing_nano, tax_nano, levies_nano, export_nano, capacity_nano, power_factor_nano, reference
            from entry where partition = @partition and account = @account and kind not in ('charge', 'correction', 'standing') order by position, sequence
            """,
            new { partition = account.Partition, account = account.Number });
        return [.. rows.Select(Answer)];
    }

    private async Task<List<PeriodAnswer>> PeriodsAsync(AccountView view)
    {
        var periods = new List<PeriodAnswer>();
        foreach (var p in view.Periods)
        {
            var tariff = (await tariffs.FindAsync(p.Tariff)).Definition;
            periods.Add(new PeriodAnswer(
                Instants.DayToText(p.StartDay), tariff.Id, tariff.Version, p.EnergyWh, Text(p.EnergyNano), Text(p.TiersNano), Text(p.StandingNano),
                Text(p.TaxNano), Text(p.ChargeNano), Text(p.BookedNano), p.TierLimitsWh, Text(p.LeviesNano),
                [.. p.Named.Select(n => new NamedAnswer(n.Kind, n.Name, Text(n.Nano)))], ExportAnswer.Of(p, tariff), TwoPartAnswer.Of(p.TwoPart)));
        }

        return periods;
    }

    private async Task<List<BalanceMeter>> MetersAsync(AccountView view)
    {
        var meters = new List<BalanceMeter>();
        foreach (var (i, m) in view.Meters.Index())
        {
            meters.Add(
                new BalanceMeter(
                    view.MeterIds?[i] ?? await MeterIdAsync(m.Number), m.RegisterWh, Instants.ToInstant(m.RegisterMs), m.ChargedWh, m.HeldWh,
                    RegisterAnswer.Of(m), ExportRegisterAnswer.Of(m)));
        }

        return meters;
    }

    private async Task<List<ExplainedDecision>> DecisionsAsync(AccountAddress account)
    {
        var decisions = new List<ExplainedDecision>();
        foreach (var record in await history.OfAccountAsync(account))
        {
            decisions.Add(record.ExplainedOf(await MeterIdAsync(record.Decided.Meter)));
        }

        return decisions;
    }

    private async Task<string> MeterIdAsync(int number) =>
        (await cache.GetOrCreateAsync($"meter-id:{number}", e =>
        {
            e.SlidingExpiration = TimeSpan.FromMinutes(10);
            return directory.MeterIdAsync(number);
        }))!;

    private static EntryAnswer Answer(EntryRow r) => new(
        $"{r.Partition}-{r.Position}-{r.Sequence}", r.Kind, Text(r.Amount_Nano), Text(r.Balance_Nano), Instants.ToInstant(r.At_Ms), r.Day,
        r.Corrects_Position is { } c ? $"{r.Partition}-{c}" : null, Part(r, r.Energy_Nano), Part(r, r.Tiers_Nano), Part(r, r.Standing_Nano),
        Part(r, r.Tax_Nano), r.Reference, Part(r, r.Levies_Nano),
        r.Export_Nano == 0 ? null : Text(r.Export_Nano), r.Capacity_Nano == 0 ? null : Text(r.Capacity_Nano),
        r.Power_Factor_Nano == 0 ? null : Text(r.Power_Factor_Nano));

    private static string? Part(EntryRow row, long nano) => row.Day is null ? null : Text(nano);

    private static long? Part(string[]? cursor, int index) =>
        cursor is null
            ? null
            : long.TryParse(cursor[index], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");

    private static string Text(Int128 nano) => new WideMoney(nano).ToString();

    private sealed record EntryRow(
        int Partition, long Position, int Sequence, string Kind, long Amount_Nano, long Balance_Nano, long At_Ms, string? Day, long? Corrects_Position,
        long Energy_Nano, long Tiers_Nano, long Standing_Nano, long Tax_Nano, long Levies_Nano, long Export_Nano, long Capacity_Nano,
        long Power_Factor_Nano, string? Reference);
}
