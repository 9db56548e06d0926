namespace AccountGrid.Domain.Billing;

/// <summary>Where an entry or event stands in its partition: by record, and within it.</summary>
public readonly record struct LedgerPlace(long Position, int Sequence) : IComparable<LedgerPlace>
{
    public static bool operator <(LedgerPlace a, LedgerPlace b) => a.CompareTo(b) < 0;

    public static bool operator >(LedgerPlace a, LedgerPlace b) => a.CompareTo(b) > 0;

    public static bool operator <=(LedgerPlace a, LedgerPlace b) => a.CompareTo(b) <= 0;

    public static bool operator >=(LedgerPlace a, LedgerPlace b) => a.CompareTo(b) >= 0;

    public int CompareTo(LedgerPlace other) => (Position, Sequence).CompareTo((other.Position, other.Sequence));
}
