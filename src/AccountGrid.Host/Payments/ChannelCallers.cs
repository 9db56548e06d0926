using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Payments;

/// <summary>Whose request it is: the channel of the caller's key, or the agent of the key with its channel.</summary>
internal sealed class ChannelCallers(PaymentChannelCatalog channels, AgentStore agents, TimeProvider time)
{
    /// <summary>The channel as it is configured now, and the agent whose float is used; null is none.</summary>
    /// <param name="named">The agent that the request names; null is none. The key of an agent names its own, and no request another.</param>
    /// <param name="operation">What the channel must be allowed to do; null where each channel may.</param>
    public async Task<(PaymentChannelDefinition? Channel, string? Agent, Refusal? Refusal)> FindAsync(ClaimsPrincipal user, string? named, string? operation)
    {
        var own = user.Role() == KeyRole.Agent ? user.Scope() : null;
        if (own is not null && named is not null && named != own)
        {
            return No(AgentRefusals.NotOfKey, $"agent: '{named}' is not '{own}', the agent of the key.");
        }

        var agent = own ?? named;
        var agentsChannel = agent is null ? null : await agents.ChannelOfAsync(agent);
        var id = user.Role() switch { KeyRole.Channel => user.Scope(), KeyRole.Agent => agentsChannel, _ => null };
        if (string.IsNullOrEmpty(id))
        {
            return No(PaymentChannelRefusals.Unknown, "The key is not that of a payment channel or of an agent; make one with the role channel or agent.");
        }

        if (await channels.FindAsync(id, time.GetUtcNow()) is not { } channel)
        {
            return No(PaymentChannelRefusals.Unknown, $"No version of channel '{id}' is in force.");
        }

        // A channel without floats may say on which agent's premises it was paid; that has no consequences.
        agent = channel.Kind == "agent" ? agent : null;
        return agent is not null && agentsChannel != id
            ? No(AgentRefusals.Unknown, $"agent: channel '{id}' has no agent '{agent}'.")
            : operation is not null && !channel.Operations.Contains(operation)
            ? No(PaymentChannelRefusals.OperationNotAllowed, $"Channel '{id}' may not {operation}.")
            : (channel, agent, null);
    }

    private static (PaymentChannelDefinition?, string?, Refusal?) No(RefusalCode code, string detail) => (null, null, new(code, detail));
}
