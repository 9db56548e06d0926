namespace AccountGrid.Host.Exports;

/// <summary>What the values of a column are.</summary>
internal enum ExportType
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A long.</summary>
    Whole,

    /// <summary>A <see cref="Domain.Money"/>.</summary>
    Money,

    /// <summary>A DateTimeOffset; written in UTC.</summary>
    Instant,

    /// <summary>A DateOnly: a local day of the account.</summary>
    Day,
}
