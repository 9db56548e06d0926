namespace AccountGrid.Host.Collections;

/// <summary>What a second person agrees to where a customer has accepted an offer of prepaid terms.</summary>
/// <param name="Offer">Id of the offer.</param>
/// <param name="Consent">Reference to what the customer signed.</param>
/// <param name="From">First local day on prepaid terms, if it is agreed to by then; else the first of a later month.</param>
internal sealed record PrepaymentApproval(string Offer, string Consent, decimal DebtSharePercent, string DebtPerDay, DateOnly From);
