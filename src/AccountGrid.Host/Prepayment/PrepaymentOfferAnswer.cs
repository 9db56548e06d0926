namespace AccountGrid.Host.Prepayment;

/// <summary>An offer of prepaid terms.</summary>
/// <param name="TextVersion">What consent must name.</param>
/// <param name="State"><c>offered</c>, <c>consented</c>, <c>switched</c> or <c>refused</c>.</param>
/// <param name="Approval">What a second person must agree to, at <c>/v1/approvals</c>; null before consent.</param>
/// <param name="IsApproved">The second person's word; null while it is not given.</param>
/// <param name="SwitchDay">First local day on prepaid terms; null before consent.</param>
/// <param name="Outcome">Code of what was refused at the switch; null where nothing was.</param>
public sealed record PrepaymentOfferAnswer(
    string Id, PrepaymentFigures Figures, string TextVersion, string TextZh, string TextEn, DateTimeOffset OfferedAt, string State, DateTimeOffset? ConsentedAt,
    Guid? Approval, bool? IsApproved, DateOnly? SwitchDay, string? Outcome);
