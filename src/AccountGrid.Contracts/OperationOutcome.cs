namespace AccountGrid.Contracts;

/// <summary>What an order that moves no money came to.</summary>
/// <param name="Code">Code of the refusal, from the API's catalogue; null where it was done.</param>
/// <param name="Detail">A sentence with the field, the value and what would be right; null where it was done.</param>
/// <param name="Position">Ask for the account after this position, and it includes it.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.OperationOutcome.v1")]
public sealed record OperationOutcome([property: Id(0)] string? Code, [property: Id(1)] string? Detail, [property: Id(2)] long Position)
{
    /// <summary>It was done.</summary>
    public bool Accepted => Code is null;
}
