namespace AccountGrid.Host.Settlement.Formats;

/// <summary>The layout of a CSV that a bank or an agent writes. A column is named as in the header line, or <c>#3</c> for the third field.</summary>
public sealed record CsvMapping
{
    /// <summary>Such as <c>utf-8</c>, <c>gbk</c>, <c>gb18030</c> or <c>windows-1252</c>.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>One character, or <c>tab</c>.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Decimal sign of amounts: <c>.</c> or <c>,</c>.</summary>
    public string DecimalSign { get; init; } = ".";

    /// <summary>Sign between groups of three digits; empty is none.</summary>
    public string GroupSign { get; init; } = "";

    /// <summary><c>units</c>, or <c>minor</c>: whole numbers of the currency's smallest unit, such as fen.</summary>
    public string AmountIn { get; init; } = "units";

    /// <summary>Characters that are taken off both ends of each value beside blanks, such as a backtick.</summary>
    public string Strip { get; init; } = "";

    /// <summary>Line of the header, from 1; 0 is none. Null: the first line that has all columns of the mapping.</summary>
    public int? HeaderLine { get; init; }

    /// <summary>Which column is what.</summary>
    public required CsvColumns Columns { get; init; }

    /// <summary>Further ids of a payment.</summary>
    public IReadOnlyList<CsvReference> References { get; init; } = [];

    /// <summary>Values of the column <c>kind</c>; needed where it is named.</summary>
    public CsvKinds? Kinds { get; init; }

    /// <summary>Without a column <c>kind</c>: whether a negative amount is a refund. False: it is an error.</summary>
    public bool NegativeIsRefund { get; init; }

    /// <summary>Which lines are rows; null is each one that is not empty and no line of totals.</summary>
    public CsvRowFilter? Rows { get; init; }

    /// <summary>Lines before or behind the rows that declare counts and sums. Each must be there once.</summary>
    public IReadOnlyList<CsvTotals> Totals { get; init; } = [];

    /// <summary>Starts of lines that say nothing, such as <c>#</c>.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>.NET formats of the column <c>time</c>; <c>zzz</c> is an offset from UTC.</summary>
    public IReadOnlyList<string> TimeFormats { get; init; } = ["yyyy-MM-dd HH:mm:ss"];

    /// <summary>.NET formats of the column <c>day</c>.</summary>
    public IReadOnlyList<string> DayFormats { get; init; } = ["yyyy-MM-dd"];
}
