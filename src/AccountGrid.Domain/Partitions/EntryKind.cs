namespace AccountGrid.Domain.Partitions;

public enum EntryKind : byte
{
    Payment = 0,
    Reversal = 1,
    Refund = 2,
    Adjustment = 3,

    /// <summary>A day's energy, with the tiers and tax that it brought.</summary>
    Charge = 4,

    /// <summary>A closed day became known better; names the entry it corrects.</summary>
    Correction = 5,

    /// <summary>Standing charge, with its tax.</summary>
    Standing = 6,

    LateFee = 7,
    Waiver = 8,

    /// <summary>Given where the company missed what it promised.</summary>
    Compensation = 9,

    /// <summary>What was owed, taken out of the balance to be recovered beside it.</summary>
    DebtMoved = 10,
    DebtRecovery = 11,
    WriteOff = 12,
}
