using AccountGrid.Domain.Policies;

namespace AccountGrid.Domain.Cases;

/// <summary>Until when a complaint must be taken up and resolved, by the policy pack. Local days, day numbers; the day itself is still in time.</summary>
public readonly record struct ComplaintClocks(int ContactDay, int AnswerDay)
{
    /// <summary>Working days are counted after the day of the complaint, whether or not that is one.</summary>
    public static ComplaintClocks Of(int filedDay, Policy policy)
    {
        var (business, p) = (policy.Business, policy.Definition.Complaint);
        var first = business.IsBusinessDay(filedDay) ? 0 : 1;
        return new(
            business.AddBusinessDays(filedDay, p.ContactBusinessDays - first), business.AddBusinessDays(filedDay, p.AnswerBusinessDays - first));
    }

    /// <summary>How far a complaint has gone up on a day: to the next person when the contact is late, to that person's superior when the answer is.</summary>
    public ComplaintEscalation EscalationOn(int today, bool isContacted, bool isResolved) =>
        isResolved ? ComplaintEscalation.None
        : today > AnswerDay ? ComplaintEscalation.AnswerLate
        : today > ContactDay && !isContacted ? ComplaintEscalation.ContactLate
        : ComplaintEscalation.None;
}
