namespace AccountGrid.Host.DirectDebit;

/// <param name="MessageId">As the file names itself.</param>
/// <param name="State"><c>open</c> while it is being made, then <c>made</c>.</param>
public sealed record DebitRunAnswer(string Channel, DateOnly Day, string MessageId, string State, DateTimeOffset CreatedAt, IReadOnlyList<DebitSum> Items);
