namespace AccountGrid.Host.OperatorConsole;

/// <summary>A column of a list: its page and its export are made from it, so that they show the same.</summary>
/// <param name="Head">As it is shown.</param>
/// <param name="Text">A row's cell as it is shown.</param>
public sealed record ConsoleColumn<TRow>(string Head, Func<TRow, string?> Text)
{
    /// <summary>Where a cell leads; null is nowhere.</summary>
    public Func<TRow, string?>? Link { get; init; }

    /// <summary>What shows under the pointer: the exact amount.</summary>
    public Func<TRow, string?>? Title { get; init; }

    public Func<TRow, string?>? Class { get; init; }

    /// <summary>A cell's number in an export, without the unit that is in <see cref="Unit"/>; null is no number, and then the text is written.</summary>
    public Func<TRow, decimal?>? Number { get; init; }

    /// <summary>Unit of the numbers of an export.</summary>
    public string? Unit { get; init; }

    /// <summary>Digits that stand under each other.</summary>
    public bool IsNumber => Number is not null;

    /// <summary>An amount: shown in the currency's digits, exact under the pointer and in an export.</summary>
    internal static ConsoleColumn<TRow> Money(string head, Func<TRow, string?> amount, string currency) =>
        new(head, r => amount(r) is { } a ? ConsoleFormat.Money(a, currency) : null) { Title = amount, Number = r => Decimal(amount(r)), Unit = currency };

    internal static ConsoleColumn<TRow> Energy(string head, Func<TRow, long> wh) =>
        new(head, r => ConsoleFormat.Energy(wh(r))) { Number = r => wh(r) / 1000m, Unit = "kWh" };

    internal static decimal? Decimal(string? text) =>
        decimal.TryParse(text, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
