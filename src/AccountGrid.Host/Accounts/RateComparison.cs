using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Accounts;

/// <summary>Rates an account's closed months under other tariffs, beside what they did cost.</summary>
internal sealed class RateComparison(TariffCatalog tariffs, MonthRating months, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Most tariffs of a request: each rates every day once more.</summary>
    private const int TariffsMax = 20;

    /// <summary>Most months of a request: what a customer can look back on with last year beside it.</summary>
    private const int MonthsMax = 24;

    public async Task<(RateComparisonAnswer? Answer, Refusal? Refusal)> CompareAsync(AccountAddress address, RateComparisonRequest request)
    {
        if (Wrong(request) is { } wrong)
        {
            return (null, wrong);
        }

        if (await grains.Account(address.Id).Get() is not { } account)
        {
            return (null, new(AccountRefusals.Unknown, $"There is no account '{address.Id}'."));
        }

        var chosen = new List<Tariff>();
        foreach (var (i, choice) in request.Tariffs.Index())
        {
            var (tariff, refusal) = await FindAsync(choice, $"tariffs[{i}]", account);
            if (tariff is null)
            {
                return (null, refusal);
            }

            chosen.Add(tariff);
        }

        var view = (await grains.Partition(address.Partition).Ratings([address.Number], 0))[0];
        var (rated, tooMany) = await months.RateAsync(address, view, chosen, request.Months);
        return rated is null
            ? (null, tooMany
                ?? new(TariffRefusals.NothingToCompare, $"months: no day of '{address.Id}' in the last {request.Months} closed months is known."))
            : (AnswerOf(address.Id, account.Currency, chosen, rated), null);
    }

    private static RateComparisonAnswer AnswerOf(string id, string currency, List<Tariff> chosen, RatedMonths rated) => new(
        id, currency, DateOnly.FromDayNumber(rated.FromDay), DateOnly.FromDayNumber(rated.ToDay), rated.Days, rated.EnergyWh, rated.Cost.ToString(),
        [
            .. chosen.Select((tariff, i) => new ComparedRate(
                tariff.Definition.Id, tariff.Definition.Version, rated.CostUnder(i).ToString(), (rated.CostUnder(i) - rated.Cost).ToString())),
        ]);

    private async Task<(Tariff? Tariff, Refusal? Refusal)> FindAsync(RateChoice choice, string field, AccountView account)
    {
        var id = choice.Tariff;
        if (InternalTariffs.Is(id) || await tariffs.FindAsync(id, choice.Version) is not { } found)
        {
            return (null, new(TariffRefusals.Unknown, $"{field}: there is no tariff '{id}'{(choice.Version is { } v ? $" with version {v}" : "")}."));
        }

        if (found.Definition.Currency != account.Currency || found.Definition.Zone != account.Zone)
        {
            return (null, new(TariffRefusals.Incompatible,
                $"{field}: '{id}' is in {found.Definition.Currency} and {found.Definition.Zone}; the account has {account.Currency} and {account.Zone}."));
        }

        if (choice.Version is not null)
        {
            return found.Product.IsWithdrawn(found)
                ? (null, new(TariffRefusals.Withdrawn, $"{field}.version: version {choice.Version} of product {id} was withdrawn; name another version."))
                : (found, null);
        }

        var today = found.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        return found.Product.VersionOn(today) is { } current
            ? (current, null)
            : (null, new(TariffRefusals.NotEffective,
                $"{field}: on {Instants.DayToText(today)} no version of tariff {id} is in force; name one of its versions."));
    }

    private static Refusal? Wrong(RateComparisonRequest request) =>
        request.Tariffs is not { Count: >= 1 and <= TariffsMax }
            ? new(RequestRefusals.ValueInvalid, $"tariffs: {request.Tariffs?.Count ?? 0} tariffs are not 1 to {TariffsMax}.")
            : request.Tariffs.ToList().FindIndex(c => string.IsNullOrEmpty(c?.Tariff)) is >= 0 and var none
            ? new(RequestRefusals.ValueInvalid, $"tariffs[{none}].tariff: '' is not the name of a tariff.")
            : request.Months is < 1 or > MonthsMax
            ? new(RequestRefusals.ValueInvalid, $"months: {request.Months} is not 1 to {MonthsMax}.")
            : null;
}
