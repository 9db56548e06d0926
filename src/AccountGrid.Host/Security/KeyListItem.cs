namespace AccountGrid.Host.Security;

/// <param name="Id">The public part, by which it is rotated and revoked.</param>
/// <param name="Scope">A collector's area or an account manager's name.</param>
/// <param name="EndsAt">When a rotated key ends or ended.</param>
public sealed record KeyListItem(string Id, string Role, string Name, string? Gateway, string? Scope, DateTimeOffset CreatedAt, DateTimeOffset? EndsAt,
    bool Revoked);
