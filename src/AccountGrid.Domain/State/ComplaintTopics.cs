namespace AccountGrid.Domain.State;

/// <summary>Which complaints are grievances: while one is undecided, what it is about must not be enforced.</summary>
public static class ComplaintTopics
{
    /// <summary>Whether an open complaint of this topic holds escalation and cuts.</summary>
    public static bool IsGrievance(this ComplaintTopic topic) => topic is ComplaintTopic.Bill or ComplaintTopic.Cut;
}
