using System.Globalization;
using AccountGrid.Domain.Customers;

namespace AccountGrid.Domain.Tests.Customers;

/// <summary>
/// Made-up customers, worked out by hand. Each is evaluated on 1 January 2026. A bill of 100 was due on the first day of each month of 2025. The working of one
/// bill that is L days late: on time 40 − min(L, 15) × 40/180; days late 20 − min(L, 30) × 20/360; it is owed at the end of L − 1 days, so arrears 15 − (L −
/// 1)/30 × 5. Where every bill is late, 30 days from 2 February on have two days of March, too: arrears 15 − (L − 1 + 2)/30 × 5, but for L = 1, where nothing
/// is owed at the end of a day. A year of tenure is a point, a return takes 2.5.
/// </summary>
public sealed class RiskTableTests
{
    private const int Year = 2025;
    private static readonly int Today = new DateOnly(Year + 1, 1, 1).DayNumber;

    /// <param name="late">Days late of the bills from January on; "-" no bill, "u" unpaid, "a" unpaid and in an agreement.</param>
    /// <param name="kept">Days late of promises and instalments that were due on 1 June; "u" unpaid.</param>
    /// <param name="prepaid">Days with a negative balance from January on.</param>
    /// <param name="facts">Returned payments, whole years of tenure, fall of use in percent or "?".</param>
    /// <param name="breach">Kind and days before the evaluation, or nothing.</param>
    /// <param name="points">On time, days late, arrears, kept, returned, tenure, use.</param>
    [Theory]
    [InlineData("always on time", "0 0 0 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "", "40 20 15 10 5 5 5", "100", RiskGrade.A)]
    [InlineData("on time, with us for half a year", "- - - - - - 0 0 0 0 0 0", "", "", "0 0 ?", "", "40 20 15 10 5 0 5", "95", RiskGrade.A)]
    [InlineData("one bill 3 days late", "0 0 3 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "", "39.33 19.83 14.67 10 5 5 5", "98.83", RiskGrade.A)]
    [InlineData("one bill 15 days late", "0 0 15 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "", "36.67 19.17 12.67 10 5 5 5", "93.51", RiskGrade.A)]
    [InlineData("one bill 30 days late", "0 0 30 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "", "36.67 18.33 10.17 10 5 5 5", "90.17", RiskGrade.A)]
    [InlineData("one bill 31 days late: the least A", "0 0 31 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "", "36.67 18.33 10 10 5 5 5", "90", RiskGrade.A)]
    [InlineData("the same in the fifth year", "0 0 31 0 0 0 0 0 0 0 0 0", "", "", "0 4 0", "", "36.67 18.33 10 10 5 4 5", "89", RiskGrade.B)]
    [InlineData("the same and a promise kept a day late", "0 0 31 0 0 0 0 0 0 0 0 0", "1", "", "0 6 0", "",
        "36.67 18.33 10 9.33 5 5 5", "89.33", RiskGrade.B)]
    [InlineData("each bill a day late", "1 1 1 1 1 1 1 1 1 1 1 1", "", "", "0 6 0", "", "37.33 19.33 15 10 5 5 5", "96.66", RiskGrade.A)]
    [InlineData("each bill 5 days late", "5 5 5 5 5 5 5 5 5 5 5 5", "", "", "0 6 0", "", "26.67 16.67 14 10 5 5 5", "82.34", RiskGrade.B)]
    [InlineData("each bill 10 days late", "10 10 10 10 10 10 10 10 10 10 10 10", "", "", "0 6 0", "", "13.33 13.33 13.17 10 5 5 5", "64.83", RiskGrade.C)]
    [InlineData("each bill 14 days late", "14 14 14 14 14 14 14 14 14 14 14 14", "", "", "0 6 0", "", "2.67 10.67 12.5 10 5 5 5", "50.84", RiskGrade.C)]
    [InlineData("the same in the fifth year: no C", "14 14 14 14 14 14 14 14 14 14 14 14", "", "", "0 4 0", "",
        "2.67 10.67 12.5 10 5 4 5", "49.84", RiskGrade.D)]
    [InlineData("each bill 15 days late", "15 15 15 15 15 15 15 15 15 15 15 15", "", "", "0 6 0", "", "0 10 12.33 10 5 5 5", "47.33", RiskGrade.D)]
    [InlineData("every other bill 15 days late", "15 0 15 0 15 0 15 0 15 0 15 0", "", "", "0 6 0", "", "20 15 12.67 10 5 5 5", "72.67", RiskGrade.B)]
    [InlineData("the same and a returned payment", "15 0 15 0 15 0 15 0 15 0 15 0", "", "", "1 6 0", "", "20 15 12.67 10 2.5 5 5", "70.17", RiskGrade.B)]
    [InlineData("the same and two", "15 0 15 0 15 0 15 0 15 0 15 0", "", "", "2 6 0", "", "20 15 12.67 10 0 5 5", "67.67", RiskGrade.C)]
    [InlineData("the same and three", "15 0 15 0 15 0 15 0 15 0 15 0", "", "", "3 6 0", "", "20 15 12.67 10 0 5 5", "67.67", RiskGrade.C)]
    [InlineData("used half of last year's", "15 0 15 0 15 0 15 0 15 0 15 0", "", "", "0 6 50", "", "20 15 12.67 10 5 5 5", "72.67", RiskGrade.B)]
    [InlineData("used less than half", "15 0 15 0 15 0 15 0 15 0 15 0", "", "", "0 6 51", "", "20 15 12.67 10 5 5 0", "67.67", RiskGrade.C)]
    [InlineData("three bills, one 15 days late", "- - - - - - - - - 15 0 0", "", "", "0 0 ?", "", "36.67 19.17 12.67 10 5 0 5", "88.51", RiskGrade.B)]
    [InlineData("December's bill is unpaid for 31 days at the end of the year", "0 0 0 0 0 0 0 0 0 0 0 u", "", "", "0 6 0", "",
        "36.67 18.33 10 10 5 5 5", "90", RiskGrade.D)]
    [InlineData("the same in an agreement that is kept", "0 0 0 0 0 0 0 0 0 0 0 a", "0", "", "0 6 0", "", "36.67 18.33 10 10 5 5 5", "90", RiskGrade.A)]
    [InlineData("three bills in an agreement: the least B", "0 0 0 0 0 0 0 0 0 a a a", "0 0", "", "0 6 0", "", "30 15 0 10 5 5 5", "70", RiskGrade.B)]
    [InlineData("the same, one instalment of two 15 days late", "0 0 0 0 0 0 0 0 0 a a a", "0 15", "", "0 6 0", "", "30 15 0 5 5 5 5", "65", RiskGrade.C)]
    [InlineData("three bills unpaid without an agreement", "0 0 0 0 0 0 0 0 0 u u u", "", "", "0 6 0", "", "30 15 0 10 5 5 5", "70", RiskGrade.D)]
    [InlineData("a theft 729 days ago", "0 0 0 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "Theft 729", "40 20 15 10 5 5 5", "100", RiskGrade.D)]
    [InlineData("a theft 730 days ago", "0 0 0 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "Theft 730", "40 20 15 10 5 5 5", "100", RiskGrade.A)]
    [InlineData("a violation 364 days ago", "0 0 0 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "Violation 364", "40 20 15 10 5 5 5", "100", RiskGrade.D)]
    [InlineData("an accident 365 days ago", "0 0 0 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "Accident 365", "40 20 15 10 5 5 5", "100", RiskGrade.A)]
    [InlineData("a hazard of three years", "0 0 0 0 0 0 0 0 0 0 0 0", "", "", "0 6 0", "UnremediedHazard 1095", "40 20 15 10 5 5 5", "100", RiskGrade.D)]
    [InlineData("prepaid, 3 days below zero", "- - - - - - - - - - - -", "", "0 0 3 0 0 0 0 0 0 0 0 0", "0 6 0", "",
        "39.33 19.83 15 10 5 5 5", "99.16", RiskGrade.A)]
    [InlineData("prepaid, half of each month below zero: the least C", "- - - - - - - - - - - -", "", "15 15 15 15 15 15 15 15 15 15 15 15", "0 6 0", "",
        "0 10 15 10 5 5 5", "50", RiskGrade.C)]
    [InlineData("prepaid, 16 days of each month", "- - - - - - - - - - - -", "", "16 16 16 16 16 16 16 16 16 16 16 16", "0 6 0", "",
        "0 9.33 15 10 5 5 5", "49.33", RiskGrade.D)]
    [InlineData("one account on time, one prepaid and half below zero", "0 0 0 0 0 0 0 0 0 0 0 0", "", "15 15 15 15 15 15 15 15 15 15 15 15", "0 6 0", "",
        "20 15 15 10 5 5 5", "75", RiskGrade.B)]
    public void A_customer_has_the_points_worked_out_by_hand(
        string customer, string late, string kept, string prepaid, string facts, string breach, string points, string score, RiskGrade grade)
    {
        var found = RiskScoring.Of(RiskFactsOf.Of(History(late, kept, prepaid, facts, breach)));
        Assert.Equal((customer, points), (customer, string.Join(' ', found.Factors.Select(f => f.Points.ToString("0.##", CultureInfo.InvariantCulture)))));
        Assert.Equal(decimal.Parse(score, CultureInfo.InvariantCulture), found.Points);
        Assert.Equal(found.Points, found.Factors.Sum(f => f.Points));
        Assert.Equal(grade, found.Grade);
        Assert.Equal(Enum.GetValues<RiskFactorKind>(), found.Factors.Select(f => f.Kind));
        Assert.Equal(100, found.Factors.Sum(f => f.PointsMax));
    }

    private static PaymentHistory History(string late, string kept, string prepaid, string facts, string breach)
    {
        var numbers = facts.Split(' ');
        return new(
            Today,
            Today - (int.Parse(numbers[1], CultureInfo.InvariantCulture) * 365),
            [.. Words(late).Select((w, i) => (w, i)).Where(x => x.w != "-").Select(x => Owed(new DateOnly(Year, x.i + 1, 1).DayNumber, x.w))],
            [.. Words(kept).Take(1).Select(w => Owed(new DateOnly(Year, 6, 1).DayNumber, w))],
            [.. Words(kept).Skip(1).Select(w => Owed(new DateOnly(Year, 6, 1).DayNumber, w))],
            [.. Enumerable.Range(0, int.Parse(numbers[0], CultureInfo.InvariantCulture)).Select(i => Today - 1 - (i * 40))],
            [.. Words(prepaid).Select((w, i) => new PrepaidMonth(new((Year * 12) + i), int.Parse(w, CultureInfo.InvariantCulture)))],
            numbers[2] == "?" ? [] : [.. Use(int.Parse(numbers[2], CultureInfo.InvariantCulture))],
            breach.Length == 0 ? [] : [new(Enum.Parse<KnockOut>(breach.Split(' ')[0]), Today - int.Parse(breach.Split(' ')[1], CultureInfo.InvariantCulture))]);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static OwedAmount Owed(int due, string late) => new(
        due, Money.FromUnits(100), late is "u" or "a" ? [] : [new(due + int.Parse(late, CultureInfo.InvariantCulture), Money.FromUnits(100))], late == "a");

    private static IEnumerable<MonthUse> Use(int fallPercent) =>
        Enumerable.Range(10, 3).SelectMany(month => new MonthUse[]
        {
            new(new(((Year - 1) * 12) + month - 1), new(1_000), false),
            new(new((Year * 12) + month - 1), new(1_000 - (fallPercent * 10)), false),
        });
}
