using AccountGrid.Domain.Figures;

namespace AccountGrid.Domain.Tests.Figures;

/// <summary>Shares and days that follow from the sums, worked out by hand.</summary>
public sealed class DerivedFiguresTests
{
    private const decimal Unit = 1_000_000_000;

    [Fact]
    public void Each_is_the_quotient_of_its_sums()
    {
        var items = Of(
            (FigureNames.Billed, "", 10, 400), (FigureNames.Payments, "bank", 7, 250), (FigureNames.Payments, "wallet", 3, 150),
            (FigureNames.Reversals, "bank", 1, 20), (FigureNames.Collected, "", 0, 380),
            (FigureNames.CollectedOld, "", 0, 30), (FigureNames.OldArrears, "", 0, 120),
            (FigureNames.Receivable, "notDue", 4, 100), (FigureNames.Receivable, "days1To30", 2, 60), (FigureNames.Accounts, "prepaid", 3, 0),
            (FigureNames.Accounts, "postpaid", 9, 0), (FigureNames.PlansKept, "", 3, 0), (FigureNames.PlansBroken, "", 1, 0));

        // (380 - 30) / 400; 30 / 120; 160 * 30 / 400; 100 * 30 / 400; 3 of 12; 3 of 4.
        Assert.Equal(0.875, Value(items, DerivedFigures.CollectionRate));
        Assert.Equal(0.25, Value(items, DerivedFigures.CollectionRateOld));
        Assert.Equal(12, Value(items, DerivedFigures.DaysOfSales));
        Assert.Equal(7.5, Value(items, DerivedFigures.BestDaysOfSales));
        Assert.Equal(0.25, Value(items, DerivedFigures.PrepaidShare));
        Assert.Equal(0.75, Value(items, DerivedFigures.PlansKeptShare));
        Assert.Equal("400", items.Single(i => i.Name == FigureNames.Billed).Amount);
    }

    [Fact]
    public void What_has_no_denominator_is_left_out()
    {
        var items = Of((FigureNames.Payments, "bank", 1, 5));
        Assert.Equal([FigureNames.Payments], items.Select(i => i.Name));
        Assert.Empty(Of());
    }

    [Fact]
    public void Shares_of_counts_have_their_interval_and_how_many_they_are_of()
    {
        var items = Of(
            (FigureNames.Notices, "bill", 100, 0), (FigureNames.NoticesPaid, "bill", 40, 0), (FigureNames.Notices, "demand", 20, 0),
            (FigureNames.Contacts, "key 1", 4, 0), (FigureNames.ContactsReached, "key 1", 1, 0),
            (FigureNames.Restores, "1", 2, 0), (FigureNames.Restores, "4", 1, 0), (FigureNames.Restores, "more", 1, 0));
        var bill = items.Single(i => i is { Name: DerivedFigures.NoticesPaidShare, Detail: "bill" });
        Assert.Equal((100, 0.4, 0.309, 0.498), (bill.Count, bill.Value, Math.Round(bill.Low!.Value, 3), Math.Round(bill.High!.Value, 3)));
        Assert.Equal(0, items.Single(i => i is { Name: DerivedFigures.NoticesPaidShare, Detail: "demand" }).Value);
        Assert.Equal((120, 40 / 120d), (Item(items, "").Count, Item(items, "").Value));
        Assert.Equal(0.25, Value(items, DerivedFigures.ContactsReachedShare));
        Assert.Equal([0.5, 0.75, 0.75], items.Where(i => i.Name == DerivedFigures.RestoredWithin).Select(i => i.Value!.Value));

        static FigureItem Item(IReadOnlyList<FigureItem> items, string detail) =>
            items.Single(i => i.Name == DerivedFigures.NoticesPaidShare && i.Detail == detail);
    }

    [Fact]
    public void A_person_who_is_a_group_has_a_share_without_a_detail() =>
        Assert.Equal(0.75, Value(Of((FigureNames.Contacts, "", 40, 0), (FigureNames.ContactsReached, "", 30, 0)), DerivedFigures.ContactsReachedShare));

    [Fact]
    public void Over_a_new_year_there_are_no_arrears_of_its_beginning()
    {
        var sums = new Dictionary<(string, string), FigureSum>
        {
            [(FigureNames.CollectedOld, "")] = new(0, 5),
            [(FigureNames.OldArrears, "")] = new(0, 10),
        };
        Assert.Contains(DerivedFigures.Of(sums, 30, true), i => i.Name == DerivedFigures.CollectionRateOld);
        Assert.DoesNotContain(DerivedFigures.Of(sums, 30, false), i => i.Name == DerivedFigures.CollectionRateOld);
    }

    [Fact]
    public void Amounts_are_exact()
    {
        var sums = new Dictionary<(string, string), FigureSum> { [(FigureNames.Billed, "")] = new(1, 123_456_789_012_345_678_901m) };
        var items = DerivedFigures.Of(sums, 1, true);
        Assert.Equal("123456789012.345678901", items[0].Amount);
    }

    private static IReadOnlyList<FigureItem> Of(params (string Name, string Detail, long Count, int Amount)[] sums) =>
        DerivedFigures.Of(sums.ToDictionary(s => (s.Name, s.Detail), s => new FigureSum(s.Count, s.Amount * Unit)), 30, true);

    private static double? Value(IReadOnlyList<FigureItem> items, string name) => items.Single(i => i.Name == name).Value;
}
