namespace AccountGrid.Domain.Figures;

/// <summary>
/// Days of energy that are lost if a customer who is cut never returns: from the first unread day to the cut. Each part is in days, 0 or more. Prepaid comes
/// near 0. Source: a survey of 45 companies that bill monthly, 53 to 116 days, in SERVICE.md.
/// </summary>
public readonly record struct DaysOfExposure(int ReadInterval, int ToMailing, int ToDue, int ToDelinquent, int ToFinalNotice, int ToCut)
{
    /// <summary>Fewer days than this are excellent.</summary>
    public const int ExcellentBelow = 60;

    /// <summary>More days than this can be improved.</summary>
    public const int ImprovableAbove = 70;

    public int Total => ReadInterval + ToMailing + ToDue + ToDelinquent + ToFinalNotice + ToCut;

    public bool IsExcellent => Total < ExcellentBelow;

    public bool IsImprovable => Total > ImprovableAbove;
}
