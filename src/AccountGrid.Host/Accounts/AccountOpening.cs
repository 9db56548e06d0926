using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Accounts;

/// <summary>Opens accounts, for the API and for imports: the same request twice is one account.</summary>
internal sealed class AccountOpening(GridDirectory directory, TariffCatalog tariffs, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Judges a request by itself: what it becomes for the account's address, or the first thing that is wrong with it.</summary>
    /// <param name="known">Tariffs found so far by name, version and day, so that a bulk asks for each once.</param>
    public async Task<(Opening? Opening, Refusal? Refusal)> CheckAsync(OpenAccountRequest r,
        Dictionary<(string, int?, DateOnly?), (Domain.Rating.Tariff?, Refusal?)>? known = null)
    {
        if (Requests.CheckId("id", r.Id) is { } wrongId)
        {
            return (null, wrongId);
        }

        if (!Requests.TryName<PaymentMode>(r.Mode, out var mode))
        {
            return (null, new Refusal(AccountRefusals.ModeInvalid, $"mode: '{r.Mode}' is not prepaid, postpaid or instalments."));
        }

        if (r.HouseholdSize is < 0 or > Limits.HouseholdMax)
        {
            return (null, new Refusal(AccountRefusals.HouseholdInvalid, $"householdSize: {r.HouseholdSize} is not 0 to {Limits.HouseholdMax}."));
        }

        var (levels, wrongLevels) = LevelsOf(r);
        if (levels is null)
        {
            return (null, wrongLevels);
        }

        if (r.OpenedOn is { } day && (day < new DateOnly(2000, 1, 1) || day > DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(366)))
        {
            return (null, new Refusal(AccountRefusals.OpenedInvalid, $"openedOn: {day:yyyy-MM-dd} is not from 2000-01-01 to a year from now."));
        }

        var contracted = r.ContractedCapacity is null ? 0 : CapacityDecisions.MilliOf(r.ContractedCapacity);
        if (contracted is not { } milli)
        {
            return (null, new Refusal(AccountRefusals.CapacityInvalid, $"contractedCapacity: '{r.ContractedCapacity}' is not {CapacityDecisions.Right}."));
        }

        var (tariff, notFound) = await FindAsync(r, known ?? []);
        var refused = tariff is null ? notFound : CapacityDecisions.Refuse(tariff, milli, r.ContractedUnit)?.Refusal;
        if (tariff is null || refused is not null)
        {
            return (null, refused);
        }

        var opened = DayOf(r, tariff.Calendar);
        var meaning = Requests.HashOf(
            new
            {
                r.Id,
                r.Tariff,
                r.TariffVersion,
                Mode = mode.ToString(),
                r.OpenedOn,
                r.HouseholdSize,
                r.Protected,
                Levels = levels.Distinct().Order(),
                Contract = $"{milli} {r.ContractedUnit}",
            });
        return (new Opening(address => new OpenAccount(address.Number, r.Id, tariff.Number, mode, opened, (byte)r.HouseholdSize, r.Protected,
            [.. levels.Select(l => new Money(l))], Follows: r.TariffVersion is null, ContractedMilli: milli == 0 ? null : milli,
            ContractedUnit: milli == 0 ? null : r.ContractedUnit), meaning), null);
    }

    private static (List<long>? Levels, Refusal? Refusal) LevelsOf(OpenAccountRequest r)
    {
        var levels = new List<long>();
        foreach (var text in r.LowBalanceLevels ?? [])
        {
            if (Requests.CheckAmount("lowBalanceLevels", text, out var level) is { } wrong)
            {
                return (null, wrong);
            }

            if (level > Money.FromUnits(Limits.AmountMax) || level < Money.FromUnits(-Limits.AmountMax))
            {
                return (null, new Refusal(AccountRefusals.LevelInvalid, $"lowBalanceLevels: '{text}' is not from {-Limits.AmountMax} to {Limits.AmountMax}."));
            }

            levels.Add(level.Nano);
        }

        if (levels.Count > Limits.LevelsMax)
        {
            return (null, new Refusal(AccountRefusals.TooManyLevels, $"lowBalanceLevels: {levels.Count} are given; at most {Limits.LevelsMax} are allowed."));
        }

        return (levels, null);
    }

    public async Task<(OutcomeView? Outcome, Refusal? Refusal)> OpenAsync(OpenAccountRequest r)
    {
        var (opening, wrong) = await CheckAsync(r);
        if (opening is null)
        {
            return (null, wrong);
        }

        var address = await directory.AllotAccountAsync(r.Id);
        var outcome = await grains.Account(r.Id).Execute(opening.CommandFor(address).ToBytes(), $"open:{address.Number}", opening.Meaning);
        return RefusalOf(outcome, r.Id) is { } refusal ? (null, refusal) : (outcome, null);
    }

    private async Task<(Domain.Rating.Tariff? Tariff, Refusal? Refusal)> FindAsync(OpenAccountRequest r,
        Dictionary<(string, int?, DateOnly?), (Domain.Rating.Tariff?, Refusal?)> known)
    {
        var wanted = (r.Tariff, r.TariffVersion, r.OpenedOn);
        return known.TryGetValue(wanted, out var found)
            ? found
            : known[wanted] = await tariffs.FindForAsync(r.Tariff, r.TariffVersion, c => DayOf(r, c), "openedOn");
    }

    private int DayOf(OpenAccountRequest r, Domain.Rating.LocalCalendar calendar) =>
        r.OpenedOn?.DayNumber ?? calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());

    public static Refusal? RefusalOf(OutcomeView outcome, string id) => outcome.Code is null ? null
        : RefusalCatalogue.Find(outcome.Code) is var code && code == RequestRefusals.IdempotencyKeyReused ? AlreadyOpened(id)
        : new Refusal(code, outcome.Detail!);

    private static Refusal AlreadyOpened(string id) => new(AccountRefusals.Exists, $"id: account '{id}' exists already with other content.");
}
