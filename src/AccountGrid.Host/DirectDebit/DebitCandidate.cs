namespace AccountGrid.Host.DirectDebit;

/// <summary>A due day of an account that could be collected under a mandate. Names are those of the columns.</summary>
internal sealed record DebitCandidate
{
    public required string Mandate { get; init; }

    public int Partition { get; init; }

    public int Account { get; init; }

    public required string Account_Id { get; init; }

    public DateOnly Due_Day { get; init; }

    /// <summary>How often it was collected before.</summary>
    public int Presentations { get; init; }

    public long? Max_Nano { get; init; }

    public DateOnly? Last_Used { get; init; }

    public DateOnly Signed_On { get; init; }

    /// <summary>Id of the collection that it would be: the account's number, the due day and the count name it for ever.</summary>
    public string ItemId => $"DD-{Due_Day:yyyyMMdd}-{Account}-{Presentations + 1}";
}
