namespace AccountGrid.Domain.State;

[Flags]
public enum CustomerTraits
{
    None = 0,

    /// <summary>Protected by law or by the company's promise in some months.</summary>
    Protected = 1,

    /// <summary>Elderly, ill, with small children: needs a welfare visit where the pack asks for one.</summary>
    Vulnerable = 2,

    /// <summary>Life depends on supply: never cut.</summary>
    NeverCut = 4,

    /// <summary>The customer has agreed to prepaid control of supply: a reference to what was signed is on record, in the event that gave it.</summary>
    PrepaidConsent = 8,
}
