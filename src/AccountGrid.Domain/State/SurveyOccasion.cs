namespace AccountGrid.Domain.State;

/// <summary>After what a customer is asked how satisfied it is. The numbers are stored.</summary>
public enum SurveyOccasion : byte
{
    /// <summary>A payment was taken.</summary>
    Payment = 1,

    /// <summary>A case was closed.</summary>
    Case = 2,

    /// <summary>Supply was restored.</summary>
    Restore = 3,

    /// <summary>The account was drawn at random in its area.</summary>
    Area = 4,
}
