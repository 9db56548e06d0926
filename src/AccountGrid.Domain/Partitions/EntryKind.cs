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

    /// <summary>From a float or suspense account to a customer's, or back: there it is a payment.</summary>
    Transfer = 13,

    /// <summary>What an agent keeps of a sale, or gives back.</summary>
    Commission = 14,

    /// <summary>Into a float or suspense account from outside.</summary>
    Deposit = 15,

    /// <summary>Out of a float or suspense account.</summary>
    Withdrawal = 16,
}
