using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using Npgsql;

namespace AccountGrid.Host.Prepayment;

/// <summary>
/// Rates an account's closed days of the last months again. It reads tables, and of the account what its partition has in memory: no account's grain is woken.
/// </summary>
internal sealed class PrepaymentEstimator(
    MonthRating rating, TariffCatalog tariffs, IGrainFactory grains, NpgsqlDataSource database, PrepaymentOptions options, TimeProvider time)
{
    /// <summary>Least number of days with use: a month.</summary>
    public const int DaysMin = 28;

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

        var view = (await grains.Partition(address.Partition).Ratings([address.Number], 0))[0];
        var (rated, tooMany) = await rating.RateAsync(address, view, [other], options.Months);
        if (rated is null || rated.Days < DaysMin)
        {
            var (from, to) = MonthRating.Window(own.Calendar.DayOf(now), account.OpenedDay, options.Months);
            return (null, 0, tooMany ?? new(PrepaymentRefusals.TooLittleKnown,
                $"{rated?.Days ?? 0} days of '{address.Id}' from {Instants.DayToText(from)} to {Instants.DayToText(to)} are known; {DaysMin} are needed."));
        }

        var (sum, would) = (rated.Cost, rated.CostUnder(0));
        var fees = await LateFeesAsync(address, other.Calendar.StartOf(rated.FromDay), other.Calendar.StartOf(rated.ToDay + 1));
        var saving = sum + fees - would;
        var outlook = PrepaymentOutlook.Of(rated.Under[0], level, topUp);
        return (new(
            address.Id, other.Definition.Currency, DateOnly.FromDayNumber(rated.FromDay), DateOnly.FromDayNumber(rated.ToDay), rated.Days, rated.EnergyWh,
            other.Definition.Id, other.Definition.Version, sum.ToString(), fees.ToString(), would.ToString(), saving.ToString(), level.ToString(),
            topUp.ToString(), outlook.Warnings, outlook.TopUps, outlook.DaysBelowZero),
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
}
