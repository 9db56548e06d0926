namespace AccountGrid.Domain.Events;

/// <summary>What a recorded contact proves.</summary>
[Flags]
public enum ContactProof
{
    None = 0,

    /// <summary>An attempt to reach the customer, counted where the pack asks for some before a cut.</summary>
    Attempt = 1,

    /// <summary>The notice that a case was opened for is in the customer's hands, and with it the balance that it names.</summary>
    NoticeDelivered = 2,

    /// <summary>Somebody has seen the customer at home: the welfare visit that a vulnerable customer needs.</summary>
    WelfareSeen = 4,

    /// <summary>The authority has its copy of the notice to an important user.</summary>
    AuthorityInformed = 8,
}
