namespace AccountGrid.Domain.State;

public enum HoldKind : byte
{
    /// <summary>A bill or reading is disputed, or a complaint is open.</summary>
    Dispute = 0,
    Bereavement = 1,

    /// <summary>Readings are in doubt.</summary>
    DataQuality = 2,

    /// <summary>Heat, cold, storm, flood.</summary>
    Weather = 3,

    /// <summary>A person's decision.</summary>
    Manual = 4,

    /// <summary>A person has ordered supply to be restored, or a cut called off: it holds until its date.</summary>
    OrderedRestore = 6,

    /// <summary>A grievance is undecided. An account has as many of these as it has open grievances; they come and go with them.</summary>
    Grievance = 7,

    /// <summary>The customer has had a collected payment refunded by its bank: what it paid is open again, and in dispute until this ends.</summary>
    PaymentDispute = 8,
}
