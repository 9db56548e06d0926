namespace AccountGrid.Domain.Policies;

public enum LevelKind : byte
{
    /// <summary>A balance in money.</summary>
    Amount = 0,

    /// <summary>The forecast cost of so many days.</summary>
    Days = 1,

    /// <summary>The balance's end, zero.</summary>
    Exhausted = 2,

    /// <summary>Emergency credit's end.</summary>
    CreditUsed = 3,
}
