namespace AccountGrid.Host.DirectDebit;

/// <summary>A result that was imported, as the table has it. Names are those of its columns.</summary>
internal sealed record DebitResultRow
{
    public required string File { get; init; }

    public int Ordinal { get; init; }

    public required string Item { get; init; }

    public required string Kind { get; init; }

    public string? Reason { get; init; }
}
