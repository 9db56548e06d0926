namespace AccountGrid.Domain.State;

/// <summary>What a customer owes an item for.</summary>
public enum ItemKind : byte
{
    /// <summary>What was owed when the account came under a pack, or when it went from prepaid to bills.</summary>
    Opening = 0,

    /// <summary>Charges of a billed period.</summary>
    Bill = 1,

    /// <summary>Late fees: they bear no fee and put no stage on the ladder.</summary>
    Fee = 2,

    /// <summary>A debit by a person's decision.</summary>
    Debit = 3,

    /// <summary>A part of a debt agreement that fell due.</summary>
    Recovery = 4,

    /// <summary>Credit that was paid out.</summary>
    Refund = 5,

    /// <summary>What a payment or credit that was taken back had paid before items were kept, or on a prepaid balance.</summary>
    Reversal = 6,
}
