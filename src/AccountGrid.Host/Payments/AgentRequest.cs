namespace AccountGrid.Host.Payments;

/// <param name="Id">Id of the agent.</param>
/// <param name="Channel">A payment channel of kind <c>agent</c>.</param>
internal sealed record AgentRequest(string Id, string Channel);
