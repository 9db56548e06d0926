using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.DirectDebit;

/// <summary>What direct debit asks of accounts' logs.</summary>
internal sealed class DebitAccounts(IGrainFactory grains)
{
    /// <summary>What it depends on whether a due day is collected now; its amount in whole smallest units of the currency.</summary>
    public async Task<DebitFacts> FactsAsync(int partition, int account, DateOnly dueDay, string currency)
    {
        if (await grains.Partition(partition).Workflow(account) is not { } workflow)
        {
            return new DebitFacts { IsMandateActive = true };
        }

        var facts = JsonSerializer.Deserialize<InterlockFacts>(workflow.Facts, JsonSerializerOptions.Web)!;
        var owed = new Money(workflow.Dues.Where(d => d.Day == dueDay.DayNumber).Sum(d => d.Nano)).RoundedDownTo(Currencies.DigitsOf(currency)!.Value);
        return new DebitFacts
        {
            IsMandateActive = true,
            OwedNano = facts.IsPrepaid ? 0 : owed.Nano,
            Holds = [.. workflow.Holds.Select(Enum.Parse<HoldKind>)],
            HasPlan = facts.KeepsPlan,
            HasPromise = facts.HasPromise,
        };
    }

    public Task<bool> IsOpenAsync(string account) => IsOpen(grains.Account(account).Get());

    /// <summary>Sends a command under a key that says what it is for; again the same, it is one.</summary>
    public Task<OutcomeView> ExecuteAsync(string account, AccountCommand command, string key) =>
        grains.Account(account).Execute(command.ToBytes(), key, Requests.HashOf(command));

    private static async Task<bool> IsOpen(Task<AccountView?> view) => (await view)?.IsOpen == true;
}
