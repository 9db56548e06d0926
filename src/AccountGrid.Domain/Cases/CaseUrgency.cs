using AccountGrid.Domain.Customers;

namespace AccountGrid.Domain.Cases;

/// <summary>
/// In which order people take cases: by deadline, which money at risk, the customer's grade and a person's priority bring forward. The order does not depend on
/// when it is looked at, so it can be stored, and a list keeps its order from page to page.
/// </summary>
public static class CaseUrgency
{
    /// <summary>Money from which on more of it counts, in whole units of the currency.</summary>
    public const int MoneyFrom = 100;

    /// <summary>Hours by which each doubling of the money brings a case forward.</summary>
    public const int HoursPerDoubling = 8;

    /// <summary>Doublings beyond which more money counts no more: a deadline still decides within five days.</summary>
    public const int DoublingsMax = 14;

    /// <summary>Hours for each step of <see cref="GradeTerms.ContactOrder"/>: a grade decides among cases of about the same deadline.</summary>
    public const int HoursPerGrade = 2;

    private const long MsPerHour = 3_600_000;

    /// <summary>What a case is sorted by, lowest first: its deadline, brought forward. UTC ms.</summary>
    /// <param name="dueMs">The deadline, UTC ms.</param>
    /// <param name="atRisk">What is owed, or what is to be cleared up. Its sign does not count.</param>
    /// <param name="grade">The customer's; null where the case has no customer, and counts as B.</param>
    public static long KeyOf(long dueMs, Money atRisk, RiskGrade? grade, CasePriority priority) =>
        dueMs - ((DoublingsOf(atRisk) * HoursPerDoubling) + HoursOf(priority)) * MsPerHour - ShiftOf(grade ?? RiskGrade.B);

    /// <summary>By how much a grade brings a case forward, ms.</summary>
    public static long ShiftOf(RiskGrade grade) => (GradeTerms.Of(RiskGrade.A).ContactOrder - GradeTerms.Of(grade).ContactOrder) * HoursPerGrade * MsPerHour;

    private static int DoublingsOf(Money money)
    {
        var units = Math.Abs(money.Nano / Money.NanoPerUnit);
        var doublings = 0;
        for (var from = (long)MoneyFrom; units >= from && doublings < DoublingsMax; from *= 2)
        {
            doublings++;
        }

        return doublings;
    }

    private static int HoursOf(CasePriority priority) => priority switch
    {
        CasePriority.Low => -48,
        CasePriority.Normal => 0,
        CasePriority.High => 48,
        CasePriority.Urgent => 168,
        _ => throw new InvariantBrokenException($"{(int)priority} is no priority of a case."),
    };
}
