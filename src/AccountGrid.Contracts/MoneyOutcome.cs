namespace AccountGrid.Contracts;

/// <summary>What an order that moves money came to. The same order under its key comes to the same.</summary>
/// <param name="Code">Code of the refusal, from the API's catalogue; null where it was done.</param>
/// <param name="Detail">A sentence with the field, the value and what would be right; null where it was done.</param>
/// <param name="Id">Names it for ever: partition and position. Null where it was refused.</param>
/// <param name="Amount">What it moved: positive is credit.</param>
/// <param name="Balance">The balance with it.</param>
/// <param name="Position">Ask for the account after this position, and its balance includes it.</param>
/// <param name="Replayed">It had been done under this key before.</param>
/// <param name="Approval">Where <paramref name="Code"/> is <c>approval.needed</c>: a second person answers <c>POST /v1/approvals/{id}</c>.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.MoneyOutcome.v1")]
public sealed record MoneyOutcome(
    [property: Id(0)] string? Code,
    [property: Id(1)] string? Detail,
    [property: Id(2)] string? Id,
    [property: Id(3)] decimal Amount,
    [property: Id(4)] decimal Balance,
    [property: Id(5)] long Position,
    [property: Id(6)] bool Replayed,
    [property: Id(7)] Guid? Approval = null)
{
    /// <summary>It was done.</summary>
    public bool Accepted => Code is null;
}
