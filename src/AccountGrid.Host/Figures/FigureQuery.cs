using AccountGrid.Domain;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Figures;

/// <summary>What is asked of the figures.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="By">One of <see cref="Groups"/>.</param>
/// <param name="Area">Only this area; null is all.</param>
/// <param name="Class">Only this class; null is all.</param>
internal sealed record FigureQuery(DateOnly From, DateOnly To, string By, string? Area, CustomerClass? Class)
{
    /// <summary>Days, at most, of a period that does not consist of whole months, and of one that is shown by day.</summary>
    private const int DaysMax = 31;

    /// <summary>Months of a period at most.</summary>
    private const int MonthsMax = 36;

    /// <summary>The same where all areas are shown, which are many rows.</summary>
    private const int AreaDaysMax = 7;
    private const int AreaMonthsMax = 12;

    /// <summary>Days behind it cannot be reckoned with.</summary>
    private const int YearMax = 9_990;

    public static IReadOnlyList<string> Groups { get; } = ["total", "area", "class", "collector", "channel", "day", "month"];

    public bool IsMonths => From.Day == 1 && To.AddDays(1).Day == 1;

    /// <summary>Whether the sums of months are enough.</summary>
    public bool UsesMonths => IsMonths && By != "day";

    /// <summary>Whether each group is of one calendar year.</summary>
    public bool IsOneYear => From.Year == To.Year || By is "day" or "month";

    /// <summary>Which of the sums are read: 0 of all accounts, 1 by area, 2 by class, 3 by both.</summary>
    public short Level => (short)((By == "area" || Area is not null ? 1 : 0) + (By == "class" || Class is not null ? 2 : 0));

    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>Reads the parameters of a request.</summary>
    public static (FigureQuery? Query, Refusal? Wrong) Read(DateOnly? from, DateOnly? to, string? month, string? by, string? area, string? customerClass)
    {
        (FigureQuery?, Refusal?) No(string detail) => (null, new(RequestRefusals.Invalid, detail));
        if (month is not null)
        {
            if (from is not null || to is not null || !JsonInput.IsDay(month + "-01") || month.StartsWith("9999", StringComparison.Ordinal))
            {
                return No(from is null && to is null
                    ? $"month: '{month}' is not a month such as 2026-10."
                    : "month: a month and from or to exclude each other; send one of them.");
            }

            from = DateOnly.ParseExact(month + "-01", "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            to = from.Value.AddMonths(1).AddDays(-1);
        }

        CustomerClass? only = null;
        if (customerClass is not null)
        {
            only = Enum.GetValues<CustomerClass>().Where(c => FigureFold.Code(c) == customerClass).Cast<CustomerClass?>().FirstOrDefault();
            if (only is null)
            {
                return No($"class: '{customerClass}' is not one of {string.Join(", ", Enum.GetValues<CustomerClass>().Select(FigureFold.Code))}.");
            }
        }

        if (from is not { } first || to is not { } last)
        {
            return No("from, to: the first and the last day are missing; send both, or month, such as 2026-10.");
        }

        var query = new FigureQuery(first, last, by ?? "total", area, only);
        return (last.Year > YearMax ? $"to: {last:yyyy-MM-dd} is not before {YearMax + 1}."
            : !Groups.Contains(query.By) ? $"by: '{by}' is not one of {string.Join(", ", Groups)}."
            : last < first ? $"to: {last:yyyy-MM-dd} is before from."
            : query.TooLong()) is { } wrong ? No(wrong) : (query, null);
    }

    private string? TooLong()
    {
        var (days, months) = By == "area" ? (AreaDaysMax, AreaMonthsMax) : (DaysMax, MonthsMax);
        var others = By == "day" ? "" : ", or consists of whole months";
        return UsesMonths ? (To >= From.AddMonths(months) ? $"to: by {By}, a period has {months} months at most." : null)
            : By == "month" ? "by: a period that is shown by month consists of whole months."
            : Days > days ? $"to: by {By}, a period of {Days} days is too long: it has {days} days at most{others}."
            : null;
    }
}
