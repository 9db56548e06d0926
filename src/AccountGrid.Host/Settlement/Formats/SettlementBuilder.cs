using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>
/// Collects what a reader finds: lines, what is passed over, declared totals, and all errors. A value that is wrong is an error and becomes nothing.
/// </summary>
internal sealed class SettlementBuilder(string format, SettlementTarget target, string? zone)
{
    /// <summary>Longest id, characters: as long as a <c>channelTxnId</c> can be.</summary>
    public const int IdMax = 64;

    private const int TextMax = 256;
    private const int YearMin = 1970;
    private const int YearMax = 2999;
    private readonly LocalCalendar _local = zone is null ? target.Calendar : LocalCalendar.Find(zone)!;

    public SettlementTarget Target => target;

    public List<SettlementLine> Lines { get; } = [];

    public List<PassedLine> Passed { get; } = [];

    public List<DeclaredTotal> Declared { get; } = [];

    public List<SettlementError> Errors { get; } = [];

    public SettlementReading End() =>
        Errors.Count > 0 ? new(null, [.. Errors.OrderBy(e => e.Line)]) : new(new(format, target.Currency, Lines, Passed, Declared), []);

    public void Wrong(int line, string field, string? value, string right) => Errors.Add(new(line, field, value, right));

    public void Pass(int line, string why) => Passed.Add(new(line, why));

    /// <summary>Adds a line if nothing was wrong with it; <paramref name="errorsBefore"/> is the count of errors before its fields were read.</summary>
    public void Take(SettlementLine line, int errorsBefore)
    {
        if (Errors.Count == errorsBefore)
        {
            Lines.Add(line);
        }
    }

    /// <summary>A number of the file, any sign; null is an error that was noted.</summary>
    public decimal? Number(int line, string field, string text, NumberForm form)
    {
        if (form.Parse(text) is { } value && Math.Abs(value) < 9_000_000_000m)
        {
            return value;
        }

        Wrong(line, field, text, $"{form.Right}, less than nine billion");
        return null;
    }

    /// <summary>An amount in whole smallest units of the currency, any sign; zero where an error was noted.</summary>
    public Money Amount(int line, string field, string text, NumberForm form)
    {
        var money = MoneyOf(Number(line, field, text, form) ?? 0);
        if (money.RoundedTo(target.Digits) == money)
        {
            return money;
        }

        Wrong(line, field, text, $"an amount with at most the {target.Digits} decimals of {target.Currency}");
        return Money.Zero;
    }

    /// <summary>An amount of more than zero.</summary>
    public Money Positive(int line, string field, string text, NumberForm form)
    {
        var before = Errors.Count;
        var amount = Amount(line, field, text, form);
        if (Errors.Count == before && amount <= Money.Zero)
        {
            Wrong(line, field, text, "more than 0");
        }

        return amount;
    }

    /// <summary>A fee, which may have parts of the smallest unit; empty is zero.</summary>
    public Money Fee(int line, string field, string text, NumberForm form) => text.Length == 0 ? Money.Zero : MoneyOf(Number(line, field, text, form) ?? 0);

    /// <summary>An id, or null where the text is empty.</summary>
    public string? Id(int line, string field, string text)
    {
        if (text.Length > 0 && (text.Length > IdMax || !text.All(c => c is > ' ' and < '\u007f')))
        {
            Wrong(line, field, text, $"an id of 1 to {IdMax} visible ASCII characters");
        }

        return text.Length == 0 ? null : text;
    }

    /// <summary>Free text, or null where it is empty.</summary>
    public string? Text(int line, string field, string text)
    {
        if (text.Length > TextMax || text.Any(char.IsControl))
        {
            Wrong(line, field, text, $"a text of at most {TextMax} printable characters");
        }

        return text.Length == 0 ? null : text;
    }

    /// <summary>
    /// An instant, in the file's zone where its format has no offset. A local time that is there twice, when clocks go back, is the first of the two.
    /// </summary>
    public DateTimeOffset? Time(int line, string field, string text, IEnumerable<string> formats)
    {
        foreach (var format in formats)
        {
            if (format.Contains('z', StringComparison.Ordinal))
            {
                if (DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
                    && instant.Year is >= YearMin and <= YearMax)
                {
                    return instant;
                }
            }
            else if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            {
                return Local(line, field, text, DateTime.SpecifyKind(local, DateTimeKind.Unspecified));
            }
        }

        Wrong(line, field, text, $"a time such as {string.Join(" or ", formats.Select(Example))}");
        return null;
    }

    /// <summary>A day; an error gives the first one there is.</summary>
    public DateOnly Day(int line, string field, string text, IEnumerable<string> formats)
    {
        if (DateOnly.TryParseExact(text, [.. formats], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= YearMin and <= YearMax)
        {
            return day;
        }

        Wrong(line, field, text, $"a day such as {string.Join(" or ", formats.Select(Example))}");
        return default;
    }

    /// <summary>Notes a count or sum that the file declares, or that it is another one.</summary>
    /// <param name="of">What it is the count or sum of, for people.</param>
    public void Declare(int line, string name, string text, NumberForm form, decimal actual, string of)
    {
        if (Number(line, name, text, form) is not { } declared)
        {
            return;
        }

        if (declared == actual)
        {
            Declared.Add(new(line, name, declared));
            return;
        }

        Wrong(line, name, text, $"{Shown(actual)}, {of}");
    }

    public void CheckCurrency(int line, string field, string text)
    {
        if (text != target.Currency)
        {
            Wrong(line, field, text, $"{target.Currency}, the channel's currency");
        }
    }

    public static string Shown(decimal value) => value.ToString("0.00#######", CultureInfo.InvariantCulture);

    public static Money MoneyOf(decimal value) => new((long)(value * Money.NanoPerUnit));

    public static decimal ValueOf(Money money) => money.Nano / (decimal)Money.NanoPerUnit;

    private DateTimeOffset? Local(int line, string field, string text, DateTime local)
    {
        if (local.Year is < YearMin or > YearMax || _local.Zone.IsInvalidTime(local))
        {
            Wrong(line, field, text, $"a time that there is in {_local.Zone.Id}");
            return null;
        }

        var offset = _local.Zone.IsAmbiguousTime(local) ? _local.Zone.GetAmbiguousTimeOffsets(local).Max() : _local.Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }

    private static string Example(string format) =>
        new DateTimeOffset(2026, 3, 9, 14, 5, 6, TimeSpan.FromHours(8)).ToString(format, CultureInfo.InvariantCulture);
}
