namespace AccountGrid.Host.Security;

/// <param name="Role"><c>gateway</c>, <c>client</c>, <c>collector</c>, <c>account-manager</c>, <c>auditor</c>, <c>channel</c>,
/// <c>agent</c> or <c>administrator</c>.</param>
/// <param name="Name">What the key is for.</param>
/// <param name="Gateway">For a gateway's key: the gateway's id; it is registered if it is new.</param>
/// <param name="Area">For a collector's key: the area, as it stands at the customers' contacts.</param>
/// <param name="Manager">For an account manager's key: the name, as it stands at the customers' contacts.</param>
/// <param name="Channel">For a channel's key: the id of the payment channel that every request with it belongs to.</param>
/// <param name="Agent">For an agent's key: the id of the agent out of whose float every payment with it is sold.</param>
public sealed record CreateKeyRequest(
    string Role, string Name, string? Gateway = null, string? Area = null, string? Manager = null, string? Channel = null, string? Agent = null);
