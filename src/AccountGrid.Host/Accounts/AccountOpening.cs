using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Accounts;

/// <summary>Opens accounts, for the API and for imports: the same request twice is one account.</summary>
internal sealed class AccountOpening(GridDirectory directory, TariffCatalog tariffs, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Judges a request by itself: what it becomes for the account's address, or the first thing that is wrong with it.</summary>
    /// <param name="known">Tariffs found so far, so that a bulk asks for each once.</param>
    public async Task<(Func<AccountAddress, OpenAccount>? Command, Refusal? Refusal)> CheckAsync(OpenAccountRequest r, Dictionary<(string, int?), Domain.Rating.Tariff?>? known = null)
    {
        if (Requests.CheckId("id", r.Id) is { } wrongId)
        {
            return (null, wrongId);
        }

        if (!Requests.TryName<PaymentMode>(r.Mode, out var mode))
        {
            return (null, new Refusal("account.mode_invalid", $"mode: '{r.Mode}' is not prepaid, postpaid or instalments."));
        }

        if (r.HouseholdSize is < 0 or > 100)
        {
            return (null, new Refusal("account.household_invalid", $"householdSize: {r.HouseholdSize} is not 0 to 100."));
        }

        var levels = new List<long>();
        foreach (var text in r.LowBalanceLevels ?? [])
        {
            if (Requests.CheckAmount("lowBalanceLevels", text, out var level) is { } wrong)
            {
                return (null, wrong);
            }

            levels.Add(level.Nano);
        }

        if (levels.Count > Limits.LevelsMax)
        {
            return (null, new Refusal("account.too_many_levels", $"lowBalanceLevels: {levels.Count} are given; at most {Limits.LevelsMax} are possible."));
        }

        if (await FindAsync(r.Tariff, r.TariffVersion, known ?? []) is not { } tariff)
        {
            return (null, new Refusal("tariff.unknown", $"tariff: there is no tariff '{r.Tariff}'{(r.TariffVersion is { } v ? $" with version {v}" : "")}."));
        }

        if (r.OpenedOn is { } day && (day < new DateOnly(2000, 1, 1) || day > DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(366)))
        {
            return (null, new Refusal("account.opened_invalid", $"openedOn: {day:yyyy-MM-dd} is not from 2000-01-01 to a year from now."));
        }

        var opened = r.OpenedOn?.DayNumber ?? tariff.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        return (address => new OpenAccount(address.Number, r.Id, tariff.Number, mode, opened, (byte)r.HouseholdSize, r.Protected, levels), null);
    }

    public async Task<(OutcomeView? Outcome, Refusal? Refusal)> OpenAsync(OpenAccountRequest r)
    {
        var (command, wrong) = await CheckAsync(r);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        var address = await directory.AllotAccountAsync(r.Id);
        var outcome = await grains.Account(r.Id).Execute(command!(address).ToBytes(), $"open:{address.Number}", Requests.HashOf(r));
        return RefusalOf(outcome, r.Id) is { } refusal ? (null, refusal) : (outcome, null);
    }

    private async Task<Domain.Rating.Tariff?> FindAsync(string id, int? version, Dictionary<(string, int?), Domain.Rating.Tariff?> known) =>
        known.TryGetValue((id, version), out var tariff) ? tariff : known[(id, version)] = await tariffs.FindAsync(id, version);

    public static Refusal? RefusalOf(OutcomeView outcome, string id) => outcome.Code switch
    {
        null => null,
        "idempotency.key_reused" => new Refusal("account.exists", $"id: account '{id}' exists already, with other particulars."),
        _ => new Refusal(outcome.Code, outcome.Detail!),
    };
}
