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
    /// <summary>What it depends on whether due days of an account are collected now; amounts in whole smallest units of the currency.</summary>
    public async Task<Dictionary<DateOnly, DebitFacts>> FactsAsync(int partition, int account, IEnumerable<DateOnly> dueDays, string currency)
    {
        if (await grains.Partition(partition).Workflow(account) is not { } workflow)
        {
            return dueDays.ToDictionary(d => d, _ => new DebitFacts { IsMandateActive = true });
        }

        var facts = JsonSerializer.Deserialize<InterlockFacts>(workflow.Facts, AccountEventJson.Stored)!;
        var digits = Currencies.DigitsOf(currency)!.Value;
        return dueDays.ToDictionary(d => d, d => new DebitFacts
        {
            IsMandateActive = true,
            Owed = facts.IsPrepaid ? Money.Zero : new Money(workflow.Dues.Where(x => x.Day == d.DayNumber).Sum(x => x.Nano)).RoundedDownTo(digits),
            Holds = [.. workflow.Holds.Select(Enum.Parse<HoldKind>)],
            HasPlan = facts.KeepsPlan,
            HasPromise = facts.HasPromise,
        });
    }

    public Task<bool> IsOpenAsync(string account) => IsOpen(grains.Account(account).Get());

    /// <summary>Sends a command under a key that says what it is for; again the same, it is one.</summary>
    public Task<OutcomeView> ExecuteAsync(string account, AccountCommand command, string key) =>
        grains.Account(account).Execute(command.ToBytes(), key, Requests.HashOf(command));

    private static async Task<bool> IsOpen(Task<AccountView?> view) => (await view)?.IsOpen == true;
}
