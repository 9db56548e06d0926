namespace AccountGrid.Host.Payments;

/// <summary>Layout of a CSV of results. A column is named as in the header line, or <c>#3</c> for the third field.</summary>
public sealed record DebitResultMapping
{
    /// <summary>Column of the collection's id, as the file of collections had it.</summary>
    public required string Item { get; init; }

    /// <summary>Column of the result.</summary>
    public required string Result { get; init; }

    /// <summary>Column of the reason; null where there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>Column of the amount, which must be that of the collection; null where there is none.</summary>
    public string? Amount { get; init; }

    /// <summary>Results with which the money has come.</summary>
    public required IReadOnlyList<string> Paid { get; init; }

    /// <summary>Results with which nothing was collected, or the money went back.</summary>
    public required IReadOnlyList<string> Returned { get; init; }

    /// <summary>Results that say nothing yet.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>Codes of ISO 20022 by the bank's own reasons. A reason that is neither here nor such a code is an error.</summary>
    public IReadOnlyDictionary<string, string> Reasons { get; init; } = new Dictionary<string, string>();

    /// <summary>Such as <c>utf-8</c> or <c>gbk</c>.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>One character, or <c>tab</c>.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Line of the header, from 1; 0 is none.</summary>
    public int HeaderLine { get; init; } = 1;

    /// <summary>Starts of lines that are no rows.</summary>
    public IReadOnlyList<string> Passed { get; init; } = [];

    /// <summary><c>units</c>, or <c>minor</c>: whole numbers of the currency's smallest unit.</summary>
    public string AmountIn { get; init; } = "units";
}
