namespace AccountGrid.Domain.Policies;

/// <summary>In which order a credit pays open items; the pack names it.</summary>
public enum AllocationOrder : byte
{
    /// <summary>Items that were asked for, oldest due day first; then late fees; then items that no bill has asked for yet, oldest first.</summary>
    PrincipalFirst = 0,

    /// <summary>Late fees; then items that were asked for, oldest due day first; then items that no bill has asked for yet.</summary>
    FeesFirst = 1,
}
