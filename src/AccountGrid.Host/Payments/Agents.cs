using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Payments;

/// <summary>Agents with their floats, as the table and the log have them.</summary>
internal sealed class Agents(AgentStore store, InternalAccounts accounts, PaymentChannelCatalog channels, IGrainFactory grains)
{
    /// <summary>Refused requests under one reference, after which it is answered as it is.</summary>
    private const int AttemptsMax = 50;

    /// <summary>Registers an agent and opens its float. The same agent again changes nothing.</summary>
    public async Task<(bool Created, Refusal? Refusal)> AddAsync(string agent, string channel, string by)
    {
        if (await ChannelAsync(channel) is not { Kind: "agent" } definition)
        {
            return (false, new(AgentRefusals.ChannelInvalid, $"channel: '{channel}' is not a payment channel of kind agent."));
        }

        var created = await store.AddAsync(agent, channel, by);
        if (!created && await store.ChannelOfAsync(agent) is { } other && other != channel)
        {
            return (false, new(AgentRefusals.Exists, $"id: agent '{agent}' exists under channel '{other}'."));
        }

        await accounts.OpenAsync(InternalAccounts.FloatOf(agent), AccountKind.Float, definition.Currency, definition.Zone);
        return (created, null);
    }

    public async Task<AgentAnswer?> FindAsync(string agent) => await store.ChannelOfAsync(agent) is { } channel ? await AnswerAsync(agent, channel) : null;

    public async Task<List<AgentAnswer>> ListAsync(string? channel, string? after, int take)
    {
        var answers = new List<AgentAnswer>();
        foreach (var (id, of) in await store.ListAsync(channel, after, take))
        {
            answers.Add(await AnswerAsync(id, of));
        }

        return answers;
    }

    /// <summary>Where an agent's float is, and its currency; null where there is no such agent.</summary>
    public async Task<(AccountAddress Account, string Currency)?> AddressAsync(string agent)
    {
        if (await store.ChannelOfAsync(agent) is not { } channel || await ChannelAsync(channel) is not { } definition)
        {
            return null;
        }

        return (await accounts.OpenAsync(InternalAccounts.FloatOf(agent), AccountKind.Float, definition.Currency, definition.Zone), definition.Currency);
    }

    /// <summary>
    /// Changes a float, once per kind and reference. Who asked is no part of what the reference stands for, and what was refused under it is forgotten.
    /// </summary>
    public async Task<OutcomeView> ChangeAsync(AccountAddress address, AccountCommand command, string agent, FloatRequest body)
    {
        for (var attempt = 1; ; attempt++)
        {
            var key = $"float:{agent}:{body.Kind}:{body.Reference}:{attempt}";
            var outcome = await accounts.ExecuteAsync(address.Partition, command, key, Requests.HashOf(body));
            var isTaken = outcome.Code == RequestRefusals.IdempotencyKeyReused.Text;
            if (attempt == AttemptsMax || outcome.Accepted || (isTaken ? await IsAcceptedAsync(outcome) : !outcome.Replayed))
            {
                return outcome;
            }
        }
    }

    private async Task<bool> IsAcceptedAsync(OutcomeView taken) => (await Commands.OutcomeAsync(grains, taken.Partition, taken.Position)).Accepted;

    private async Task<AgentAnswer> AnswerAsync(string agent, string channel)
    {
        var id = InternalAccounts.FloatOf(agent);
        var view = (await grains.Account(id).Get())!;
        var (balance, (limit, ppm)) = (new Money(view.BalanceNano), view.Float!.Value);
        var terms = new InternalAccount(AccountKind.Float, new Money(limit), ppm);
        return new(agent, channel, (await ChannelAsync(channel))!.Currency, balance.ToString(), terms.Limit.ToString(), terms.Available(balance).ToString(),
            AgentEndpoints.PercentOf(ppm));
    }

    private async Task<PaymentChannelDefinition?> ChannelAsync(string id) => (await channels.ListAsync(id)) is [var first, ..] ? first : null;
}
