namespace AccountGrid.Domain.Cases;

/// <summary>How far a complaint has gone up. The numbers are stored.</summary>
public enum ComplaintEscalation : byte
{
    None = 0,

    /// <summary>Nobody has spoken with the customer in time.</summary>
    ContactLate = 1,

    /// <summary>It is not resolved in time.</summary>
    AnswerLate = 2,
}
