namespace AccountGrid.Host.Security;

/// <param name="Account">What was done to; empty is the grid itself.</param>
/// <param name="Person">Who, by what nobody can choose: <c>key</c> and a key's public id, or a provider's subject and address.</param>
/// <param name="Name">What the key or the operator is called.</param>
/// <param name="BodyHash">Keyed hash (HMAC-SHA256) of the query and the body, hex: what they hold must be erasable, and nobody can try numbers against
/// it.</param>
/// <param name="Status">What was answered; null where the process ended before it was known: the change may have been made or not.</param>
/// <param name="Hash">What the row's account is chained by.</param>
public sealed record AuditedAnswer(string Account, long Sequence, DateTimeOffset At, string Person, string Name, string Role, string Method, string Path,
    string BodyHash,
    int? Status, string Trace, string Hash);
