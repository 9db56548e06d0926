namespace AccountGrid.Host.DirectDebit;

/// <summary>A collection as the table has it. Names are those of its columns.</summary>
internal sealed record DebitItemRow
{
    public required string Id { get; init; }

    public required string Channel { get; init; }

    public required string Mandate { get; init; }

    public int Partition { get; init; }

    public int Account { get; init; }

    public required string Account_Id { get; init; }

    public DateOnly Due_Day { get; init; }

    public DateOnly Collect_Day { get; init; }

    /// <summary>Counts the collections of its due day, announced or not.</summary>
    public int Number { get; init; }

    /// <summary>Counts those that reached the bank, this one included.</summary>
    public int Presentation { get; init; }

    public int Notice_Days { get; init; }

    public long Announced_Nano { get; init; }

    public long? Amount_Nano { get; init; }

    public int Attempt { get; init; }

    public string? Sequence { get; init; }

    public required string State { get; init; }

    public string? Why { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? Returned_At { get; init; }
}
