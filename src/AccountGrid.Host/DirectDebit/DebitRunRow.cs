namespace AccountGrid.Host.DirectDebit;

/// <summary>A run as the table has it. Names are those of its columns.</summary>
internal sealed record DebitRunRow
{
    public required string Channel { get; init; }

    public DateOnly Day { get; init; }

    public required string Message_Id { get; init; }

    /// <summary>The configuration under which it was begun.</summary>
    public required string Setting { get; init; }

    public required string State { get; init; }

    public DateTimeOffset Created_At { get; init; }
}
