using AccountGrid.Domain.Billing;

namespace AccountGrid.Host.DirectDebit;

/// <summary>A mandate as the table has it. Names are those of its columns.</summary>
internal sealed record MandateRow
{
    public required string Id { get; init; }

    public required string Channel { get; init; }

    public required string Scheme { get; init; }

    public int Partition { get; init; }

    public int Account { get; init; }

    public required string Account_Id { get; init; }

    public DateOnly Signed_On { get; init; }

    public bool One_Off { get; init; }

    public long? Max_Nano { get; init; }

    /// <summary>Sealed; empty where it was erased.</summary>
    public required string Debtor_Name { get; init; }

    /// <summary>Sealed; empty where it was erased.</summary>
    public required string Debtor_Account { get; init; }

    public string? Debtor_Agent { get; init; }

    public required byte[] Body_Hash { get; init; }

    public required string State { get; init; }

    public string? State_Reason { get; init; }

    public DateOnly? Last_Used { get; init; }

    /// <summary>Collections under it that were not turned down.</summary>
    public int Uses { get; init; }

    /// <summary>What it is on a day: one that nothing was collected under for 36 months has lapsed, and one for one collection is used up by it.</summary>
    public string StateOn(DateOnly today) => State != "active" ? State
        : DebitRules.IsLapsed(Last_Used ?? Signed_On, today) ? "lapsed"
        : One_Off && Uses > 0 ? "cancelled"
        : "active";
}
