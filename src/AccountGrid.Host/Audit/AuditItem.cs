namespace AccountGrid.Host.Audit;

/// <summary>A debit beside energy, as the audit sees it. Money is nano.</summary>
internal sealed class AuditItem(string kind, long position, int dueDay)
{
    public string Kind => kind;

    /// <summary>Position of what made it; 0 where it grows day by day.</summary>
    public long Position => position;

    public long Open { get; set; }

    /// <summary>0: no bill has asked for it.</summary>
    public int DueDay { get; set; } = dueDay;

    public long FeeOfDays { get; set; }

    public long FeeTaken { get; set; }

    public bool IsFee => Kind == "fee";

    public bool IsAsked => !IsFee && DueDay != 0;
}
