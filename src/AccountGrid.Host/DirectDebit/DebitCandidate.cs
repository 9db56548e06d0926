namespace AccountGrid.Host.DirectDebit;

/// <summary>A due day of an account that could be collected under a mandate. Names are those of the columns.</summary>
internal sealed record DebitCandidate
{
    public required string Mandate { get; init; }

    public int Partition { get; init; }

    public int Account { get; init; }

    public required string Account_Id { get; init; }

    public DateOnly Due_Day { get; init; }

    /// <summary>Counts the collections of the due day, this one included: one that was skipped is announced again under the next number.</summary>
    public int Number { get; init; }

    /// <summary>Counts those that reached the bank and failed there, and this one.</summary>
    public int Presentation { get; init; }

    public bool One_Off { get; init; }

    public long? Max_Nano { get; init; }

    public DateOnly? Last_Used { get; init; }

    public DateOnly Signed_On { get; init; }

    /// <summary>Id of the collection that it would be: the account's number, the due day and the number name it for ever.</summary>
    public string ItemId => $"DD-{Due_Day:yyyyMMdd}-{Account}-{Number}";
}
