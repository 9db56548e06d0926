using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Figures;

/// <summary>
/// Figures that are quotients of sums. One whose denominator is not positive is left out: it is not defined. Source of each: SERVICE.md, formulas.
/// </summary>
public static class DerivedFigures
{
    /// <summary>Paid by accounts that pay by bill, reversals taken off, less what paid old arrears, over what was billed.</summary>
    public const string CollectionRate = "collection-rate";

    /// <summary>Collected of the arrears at the beginning of the year, over those arrears.</summary>
    public const string CollectionRateOld = "collection-rate-old";

    /// <summary>Receivable over billed, times the days of the period.</summary>
    public const string DaysOfSales = "days-of-sales";

    /// <summary>The same with what is not due.</summary>
    public const string BestDaysOfSales = "best-days-of-sales";

    /// <summary>Prepaid accounts of all that are open.</summary>
    public const string PrepaidShare = "prepaid-share";

    /// <summary>Notices that a payment followed within 24 hours, by kind; without a detail, of all kinds.</summary>
    public const string NoticesPaidShare = "notices-paid-share";

    /// <summary>Restores within so many hours: 3, 12 and 24.</summary>
    public const string RestoredWithin = "restored-within";

    /// <summary>Plans that were kept, of those that ended.</summary>
    public const string PlansKeptShare = "plans-kept-share";

    /// <summary>Contacts in which the customer was met, by person.</summary>
    public const string ContactsReachedShare = "contacts-reached-share";

    private static readonly HashSet<string> CountsOnly =
    [
        FigureNames.Notices, FigureNames.NoticesPaid, FigureNames.Stages, FigureNames.Cuts, FigureNames.CutsRefused, FigureNames.CutsRefusedReasons,
        FigureNames.Restores, FigureNames.Complaints, FigureNames.ComplaintsResolved, FigureNames.PlansAgreed, FigureNames.PlansKept, FigureNames.PlansBroken,
        FigureNames.Contacts, FigureNames.ContactsReached, FigureNames.CasesClosed, FigureNames.WithoutSupply,
    ];

    /// <summary>The sums of one group and currency with what is derived from them, in a fixed order.</summary>
    /// <param name="sums">By name and detail; those of a day's end are of the last day.</param>
    /// <param name="days">Days of the period.</param>
    /// <param name="isOneYear">Whether the period is in one calendar year: else there are no arrears of its beginning.</param>
    public static IReadOnlyList<FigureItem> Of(IReadOnlyDictionary<(string Name, string Detail), FigureSum> sums, int days, bool isOneYear)
    {
        var items = sums.OrderBy(s => s.Key.Name, StringComparer.Ordinal).ThenBy(s => s.Key.Detail, StringComparer.Ordinal)
            .Select(s => new FigureItem(s.Key.Name, s.Key.Detail, s.Value.Count, CountsOnly.Contains(s.Key.Name) ? null : Text(s.Value.Amount))).ToList();
        FigureSum Sum(string name, Func<string, bool>? detail = null) =>
            sums.Where(s => s.Key.Name == name && detail?.Invoke(s.Key.Detail) != false).Aggregate(default(FigureSum), (a, s) => a + s.Value);

        var billed = Sum(FigureNames.Billed).Amount;
        var old = Sum(FigureNames.CollectedOld).Amount;
        var owed = Sum(FigureNames.Receivable).Amount;
        var notDue = Sum(FigureNames.Receivable, d => d == FigureFold.Code(AgeingBucket.NotDue)).Amount;
        Quotient(CollectionRate, Sum(FigureNames.Collected).Amount - old, billed);
        Quotient(CollectionRateOld, old, isOneYear ? Sum(FigureNames.OldArrears).Amount : 0);
        Quotient(DaysOfSales, owed * days, billed);
        Quotient(BestDaysOfSales, notDue * days, billed);
        Share(PrepaidShare, "", Sum(FigureNames.Accounts, d => d == FigureFold.Code(PaymentMode.Prepaid)).Count, Sum(FigureNames.Accounts).Count);
        Shares(NoticesPaidShare, FigureNames.NoticesPaid, FigureNames.Notices);
        Share(NoticesPaidShare, "", Sum(FigureNames.NoticesPaid).Count, Sum(FigureNames.Notices).Count);
        foreach (var hours in FigureFold.StandardHours)
        {
            Share(RestoredWithin, $"{hours}", Sum(FigureNames.Restores, d => FigureFold.IsWithin(d, hours)).Count, Sum(FigureNames.Restores).Count);
        }

        var kept = Sum(FigureNames.PlansKept).Count;
        Share(PlansKeptShare, "", kept, kept + Sum(FigureNames.PlansBroken).Count);
        Shares(ContactsReachedShare, FigureNames.ContactsReached, FigureNames.Contacts);
        return items;

        void Quotient(string name, decimal part, decimal whole)
        {
            if (whole > 0)
            {
                items.Add(new(name, "", 0, null, (double)(part / whole)));
            }
        }

        void Share(string name, string detail, long count, long of)
        {
            if (of > 0)
            {
                var interval = Wilson.Of(new(count, of));
                items.Add(new(name, detail, of, null, (double)count / of, interval?.Low, interval?.High));
            }
        }

        void Shares(string name, string part, string whole)
        {
            foreach (var detail in sums.Keys.Where(k => k.Name == whole).Select(k => k.Detail).Order(StringComparer.Ordinal).ToList())
            {
                Share(name, detail, sums.GetValueOrDefault((part, detail)).Count, sums[(whole, detail)].Count);
            }
        }
    }

    /// <summary>Nano as an exact decimal.</summary>
    private static string Text(decimal nano) => (nano / 1_000_000_000m).ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture);
}
