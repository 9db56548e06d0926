using System.Globalization;
using AccountGrid.Domain;

namespace AccountGrid.Host.Billing;

/// <summary>Amounts of a document, which are text.</summary>
internal static class BillMoney
{
    /// <summary>The amount of a text that a document holds: a decimal with at most nine decimals.</summary>
    /// <exception cref="InvariantBrokenException">The text is no amount; documents are written by the grid alone.</exception>
    public static WideMoney Parse(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var units)
        && units * Money.NanoPerUnit is var nano && decimal.Truncate(nano) == nano
            ? new WideMoney((Int128)nano)
            : throw new InvariantBrokenException($"A bill's document holds the amount '{text}'.");

    /// <summary>In the currency's own digits (ISO 4217), with separators of thousands.</summary>
    public static string Round(string currency, string money) =>
        decimal.Parse(money, CultureInfo.InvariantCulture).ToString($"N{Currencies.DigitsOf(currency) ?? 2}", CultureInfo.InvariantCulture);

    /// <summary>All decimals that are not zero, two at least.</summary>
    public static string Precise(string money) => decimal.Parse(money, CultureInfo.InvariantCulture).ToString("#,0.00#######", CultureInfo.InvariantCulture);
}
