namespace AccountGrid.Domain.State;

/// <summary>What a complaint is about. The numbers are stored.</summary>
public enum ComplaintTopic : byte
{
    /// <summary>A bill, a fee or a payment: a grievance.</summary>
    Bill = 1,

    /// <summary>A cut, a notice of one, or a restore that did not come: a grievance.</summary>
    Cut = 2,
    Reading = 3,
    Staff = 4,
    Channel = 5,
    Other = 6,
}
