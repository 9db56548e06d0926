namespace AccountGrid.Domain.Cases;

/// <summary>How a person ranks a case beside its deadline and its money. The numbers are stored.</summary>
public enum CasePriority
{
    Low = 0,
    Normal = 1,
    High = 2,
    Urgent = 3,
}
