namespace AccountGrid.Domain.Readings;

/// <summary>How a value is estimated.</summary>
public enum EstimateMethod : byte
{
    /// <summary>Between the values before and after it, by time.</summary>
    Interpolated,

    /// <summary>The value before it, and the mean use of the same hours of the same weekday in the four weeks before, as far as they are known.</summary>
    SameWeekdays,
}
