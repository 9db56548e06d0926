using AccountGrid.Domain;

namespace AccountGrid.Host.Reconciliation;

/// <summary>A difference as the table has it. Names are those of its columns.</summary>
internal sealed record ReconciliationItemRow
{
    public DateOnly Business_Day { get; init; }

    public string Key { get; init; } = "";

    public string Result { get; init; } = "";

    public string Kind { get; init; } = "";

    public string? Txn { get; init; }

    public string? Original { get; init; }

    public string? Own_Txn { get; init; }

    public string? Account { get; init; }

    public long? Amount_Nano { get; init; }

    public long? Own_Amount_Nano { get; init; }

    public DateTimeOffset? At { get; init; }

    public string Proposal { get; init; } = "";

    public string? Line_Key { get; init; }

    /// <summary><c>open</c>, <c>accepted</c>, <c>rejected</c>, or <c>gone</c>: it went away before anyone decided.</summary>
    public string State { get; init; } = "";

    public bool Is_Correction { get; init; }

    public string? Decided_By { get; init; }

    public string? Reason { get; init; }

    public string? Outcome { get; init; }

    public ReconciliationItemAnswer ToAnswer() => new(
        Key, Result, Kind, Txn, Original, Own_Txn, Account, Text(Amount_Nano), Text(Own_Amount_Nano), Proposal, State,
        Is_Correction, Decided_By, Reason, Outcome);

    private static string? Text(long? nano) => nano is { } n ? new Money(n).ToString() : null;
}
