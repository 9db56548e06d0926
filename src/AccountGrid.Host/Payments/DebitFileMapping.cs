namespace AccountGrid.Host.Payments;

/// <summary>Layout of a CSV of collections. A field is one of <see cref="DirectDebitSettings.RowFields"/>; <c>=text</c> is that text.</summary>
public sealed record DebitFileMapping
{
    /// <summary>Fields of each row, in their order.</summary>
    public required IReadOnlyList<DebitFileColumn> Columns { get; init; }

    /// <summary>Such as <c>utf-8</c> or <c>gbk</c>.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>One character, or <c>tab</c>.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>End of lines: <c>lf</c> or <c>crlf</c>.</summary>
    public string LineEnd { get; init; } = "lf";

    /// <summary>Fields of a line before all others; empty is none.</summary>
    public IReadOnlyList<string> Head { get; init; } = [];

    /// <summary>Whether a line with the names of the columns is before the rows.</summary>
    public bool Header { get; init; } = true;

    /// <summary>Fields of a line behind all others; empty is none.</summary>
    public IReadOnlyList<string> Foot { get; init; } = [];

    /// <summary><c>units</c>, or <c>minor</c>: whole numbers of the currency's smallest unit, such as fen.</summary>
    public string AmountIn { get; init; } = "units";

    /// <summary>.NET format of days.</summary>
    public string DayFormat { get; init; } = "yyyy-MM-dd";
}
