namespace AccountGrid.Domain.State;

/// <summary>How a complaint was decided. Each outcome ends its hold; none of them moves money. The numbers are stored.</summary>
public enum ComplaintOutcome : byte
{
    /// <summary>The customer was right. What follows from it, such as an adjustment, is a command of its own.</summary>
    Upheld = 1,
    PartlyUpheld = 2,
    NotUpheld = 3,

    /// <summary>The customer took it back.</summary>
    Withdrawn = 4,
}
