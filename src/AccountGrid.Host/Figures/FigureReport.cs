using System.Globalization;
using AccountGrid.Domain.Figures;

namespace AccountGrid.Host.Figures;

/// <summary>A month's report for a manager: what the figures say, section by section. A pure function of the API's answers.</summary>
/// <param name="month">The month.</param>
/// <param name="total">Its figures in all.</param>
/// <param name="months">Figures of the months up to it, by month.</param>
/// <param name="areas">Its figures by area.</param>
/// <param name="channels">Its figures by channel.</param>
/// <param name="collectors">Its figures by collector.</param>
internal sealed class FigureReport(
    DateOnly month, FiguresAnswer total, FiguresAnswer months, FiguresAnswer areas, FiguresAnswer channels, FiguresAnswer collectors)
{
    public string Title { get; } = $"Figures of {month.ToString("MMMM yyyy", CultureInfo.InvariantCulture)}";

    /// <summary>Until when the figures reach.</summary>
    public string Note => total.StandingDay is { } day
        ? $"{total.From} to {total.To}. Accounts, receivables and debts are those at the end of {day}."
        : $"{total.From} to {total.To}. No day of the month has ended: there are no accounts, receivables and debts.";

    public IReadOnlyList<ReportSection> Sections =>
    [
        Money(), Months(), Age(), By("Areas", "Area", areas), Channels(), Notices(), Collectors(), Supply(), Service(),
    ];

    private static readonly IReadOnlyList<string> Buckets = [.. Enum.GetValues<AgeingBucket>().Select(FigureFold.Code)];

    private static IReadOnlyList<string> CurrenciesOf(FiguresAnswer answer) =>
        [.. answer.Rows.Select(r => r.Currency).Where(c => c.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<(string Group, string Currency, List<FigureRow> Rows)> GroupsOf(FiguresAnswer answer) =>
        answer.Rows.Where(r => r.Currency.Length > 0).GroupBy(r => (r.Group, r.Currency)).Select(g => (g.Key.Group, g.Key.Currency, g.ToList()));

    private static decimal Amount(IEnumerable<FigureRow> rows, string name, string? detail = null) =>
        rows.Where(r => r.Name == name && (detail is null || r.Detail == detail)).Sum(r => decimal.Parse(r.Amount ?? "0", CultureInfo.InvariantCulture));

    private static long Count(IEnumerable<FigureRow> rows, string name, string? detail = null) =>
        rows.Where(r => r.Name == name && (detail is null || r.Detail == detail)).Sum(r => r.Count);

    private static FigureRow? Row(IEnumerable<FigureRow> rows, string name, string detail = "") =>
        rows.FirstOrDefault(r => r.Name == name && r.Detail == detail);

    private static string Text(decimal amount) => amount.ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static string Text(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    private static string Percent(double? share) => share is { } s ? (s * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–";

    private static string Days(double? days) => days is { } d ? d.ToString("0.0", CultureInfo.InvariantCulture) : "–";

    /// <summary>A share with its interval and of how many it is; a group that is too small for one is not shown by the API.</summary>
    private static string Share(FigureRow? row) => row is null
        ? "–"
        : $"{Percent(row.Value)} ({Percent(row.Low)} to {Percent(row.High)}; n = {Text(row.Count)})";

    private ReportSection Money() => new(
        "Billing and collection",
        ["", .. CurrenciesOf(total)],
        [
            Line("Charged", g => Text(Amount(g, FigureNames.Charged))), Line("Late fees", g => Text(Amount(g, FigureNames.LateFees))),
            Line("Billed", g => Text(Amount(g, FigureNames.Billed))), Line("Paid", g => Text(Amount(g, FigureNames.Payments))),
            Line("Reversed", g => Text(Amount(g, FigureNames.Reversals))), Line("Refunded", g => Text(Amount(g, FigureNames.Refunds))),
            Line("Written off", g => Text(Amount(g, FigureNames.WrittenOff))),
            Line("Collection rate, current", g => Percent(Row(g, DerivedFigures.CollectionRate)?.Value)),
            Line("Collection rate, old arrears", g => Percent(Row(g, DerivedFigures.CollectionRateOld)?.Value)),
            Line("Receivable", g => Text(Amount(g, FigureNames.Receivable))),
            Line("Owed by prepaid accounts", g => Text(Amount(g, FigureNames.PrepaidOwed))), Line("In debt agreements", g => Text(Amount(g, FigureNames.Debt))),
            Line("Days of sales outstanding", g => Days(Row(g, DerivedFigures.DaysOfSales)?.Value)),
            Line("Days of sales outstanding, best possible", g => Days(Row(g, DerivedFigures.BestDaysOfSales)?.Value)),
            Line("Open accounts", g => Text(Count(g, FigureNames.Accounts))),
            Line("Prepaid share of them", g => Percent(Row(g, DerivedFigures.PrepaidShare)?.Value)),
        ],
        null);

    private List<string> Line(string name, Func<List<FigureRow>, string> of) =>
        [name, .. CurrenciesOf(total).Select(c => of(total.Rows.Where(r => r.Currency == c).ToList()))];

    private ReportSection Months() => By("The last twelve months", "Month", months) with
    {
        Chart = new("Collection rate by month, %", [.. GroupsOf(months).Select(g => (g.Currency is var c && CurrenciesOf(months).Count > 1
            ? $"{g.Group} {c}" : g.Group, (Row(g.Rows, DerivedFigures.CollectionRate)?.Value ?? 0) * 100))]),
    };

    private static ReportSection By(string title, string what, FiguresAnswer answer) => new(
        title,
        [what, "Currency", "Billed", "Paid", "Collection rate", "Receivable", "Days of sales", "Prepaid share", "Cuts", "Complaints"],
        [
            .. GroupsOf(answer).Select(g => (List<string>)
            [
                g.Group.Length == 0 ? "(none)" : g.Group, g.Currency, Text(Amount(g.Rows, FigureNames.Billed)), Text(Amount(g.Rows, FigureNames.Payments)),
                Percent(Row(g.Rows, DerivedFigures.CollectionRate)?.Value), Text(Amount(g.Rows, FigureNames.Receivable)),
                Days(Row(g.Rows, DerivedFigures.DaysOfSales)?.Value), Percent(Row(g.Rows, DerivedFigures.PrepaidShare)?.Value),
                Text(Count(g.Rows, FigureNames.Cuts)), Text(Count(g.Rows, FigureNames.Complaints)),
            ])],
        null);

    private ReportSection Age() => new(
        "Receivable by age",
        ["Days after the due day", "Currency", "Accounts", "Amount", "Of it due in an earlier year"],
        [
            .. GroupsOf(total).SelectMany(g => Buckets.Select(b => (List<string>)
            [
                AgeText(b), g.Currency, Text(Count(g.Rows, FigureNames.Receivable, b)), Text(Amount(g.Rows, FigureNames.Receivable, b)),
                Text(Amount(g.Rows, FigureNames.ReceivableEarlier, b)),
            ]))],
        new("Receivable by age", [.. GroupsOf(total).SelectMany(g => Buckets.Select(b => (
            CurrenciesOf(total).Count > 1 ? $"{AgeText(b)} {g.Currency}" : AgeText(b), (double)Amount(g.Rows, FigureNames.Receivable, b))))]));

    private static string AgeText(string bucket) => bucket switch
    {
        "notDue" => "not due",
        "over365" => "over 365",
        _ => bucket.Replace("days", "", StringComparison.Ordinal).Replace("To", " to ", StringComparison.Ordinal),
    };

    private ReportSection Channels() => new(
        "Payment channels",
        ["Channel", "Currency", "Payments", "Amount", "Reversals", "Satisfied with the payment"],
        [
            .. GroupsOf(channels).Select(g => (List<string>)
            [
                g.Group, g.Currency, Text(Count(g.Rows, FigureNames.Payments)), Text(Amount(g.Rows, FigureNames.Payments)),
                Text(Count(g.Rows, FigureNames.Reversals)),
                Share(channels.Rows.FirstOrDefault(r => r.Name == FigureReader.Satisfaction && r.Group == g.Group)),
            ])],
        null);

    private ReportSection Notices() => new(
        "Notices that led to a payment within 24 hours",
        ["Notice", "Currency", "Given", "Share that a payment followed"],
        [
            .. GroupsOf(total).SelectMany(g => g.Rows.Where(r => r.Name == FigureNames.Notices).Select(r => (List<string>)
                [r.Detail, g.Currency, Text(r.Count), Share(Row(g.Rows, DerivedFigures.NoticesPaidShare, r.Detail))]))],
        null);

    private ReportSection Collectors() => new(
        "Collectors",
        ["Person", "Currency", "Contacts", "Customer met", "Paid within seven days of a contact", "Cases closed", "Satisfied"],
        [
            .. GroupsOf(collectors).Select(g => (List<string>)
            [
                g.Group, g.Currency, Text(Count(g.Rows, FigureNames.Contacts)), Share(Row(g.Rows, DerivedFigures.ContactsReachedShare)),
                Text(Amount(g.Rows, FigureNames.CollectedAfterContact)), Text(Count(g.Rows, FigureNames.CasesClosed)),
                Share(collectors.Rows.FirstOrDefault(r => r.Name == FigureReader.Satisfaction && r.Group == g.Group)),
            ])],
        null);

    private ReportSection Supply() => new(
        "Supply",
        ["", "Number"],
        [
            .. Details(FigureNames.Cuts, "Cut: "), ["Cuts that the interlock refused", Text(Count(total.Rows, FigureNames.CutsRefused))],
            .. Details(FigureNames.CutsRefusedReasons, "Reason: "), .. Details(FigureNames.Restores, "Restored within hours: "),
            .. total.Rows.Where(r => r.Name == DerivedFigures.RestoredWithin).Select(r => (List<string>)[$"Share restored within {r.Detail} hours", Share(r)]),
            ["Without supply at the end", Text(Count(total.Rows, FigureNames.WithoutSupply))],
        ],
        null);

    private ReportSection Service() => new(
        "Service",
        ["", "Number"],
        [
            .. Details(FigureNames.Complaints, "Complaints: "), .. Details(FigureNames.ComplaintsResolved, "Complaints decided: "),
            ["Plans agreed", Text(Count(total.Rows, FigureNames.PlansAgreed))],
            ["Plans kept", Text(Count(total.Rows, FigureNames.PlansKept))],
            ["Plans of which an instalment was missed", Text(Count(total.Rows, FigureNames.PlansBroken))],
            ["Satisfied customers", Share(total.Rows.FirstOrDefault(r => r.Name == FigureReader.Satisfaction))],
        ],
        null);

    private IEnumerable<List<string>> Details(string name, string title) => total.Rows.Where(r => r.Name == name).GroupBy(r => r.Detail)
        .Select(g => (List<string>)[title + g.Key, Text(g.Sum(r => r.Count))]);
}
