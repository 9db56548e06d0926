namespace AccountGrid.Host.Security;

/// <param name="Scope">A collector's area or an account manager's name.</param>
/// <param name="Sessions">How many browsers are signed in.</param>
/// <param name="Person">Subject and provider, where a provider of OpenID Connect signs the operator in; else null.</param>
public sealed record OperatorAnswer(
    string Name, string DisplayName, string Role, string? Scope, bool Disabled, DateTimeOffset MadeAt, int Sessions, string? Person);
