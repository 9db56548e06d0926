namespace AccountGrid.Domain.Readings;

/// <summary>How a value is estimated.</summary>
public enum EstimateMethod : byte
{
    /// <summary>Between the values before and after it, by time.</summary>
    Interpolated,

    /// <summary>The value before it, and for each day since the mean use of the same weekday in the four latest weeks that are known.</summary>
    SameWeekdays,

    /// <summary>The value before it, and for each hour since the mean use of the same hour of the day in the 28 latest days that are known.</summary>
    LoadShape,

    /// <summary>The value before it, and for each day since the use of the same weekday 52 weeks before.</summary>
    LastYear,
}
