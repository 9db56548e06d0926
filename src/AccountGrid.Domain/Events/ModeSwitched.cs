using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <param name="MovedNano">What was owed and is now in a debt agreement, nano; 0 is nothing.</param>
/// <param name="ShareBasisPoints">Terms of that agreement: share of each payment, hundredths of a percent.</param>
/// <param name="PerDayNano">And amount per day.</param>
public sealed record ModeSwitched(
    PaymentMode From, PaymentMode To, string? ConsentReference, string DecidedBy, string ApprovedBy, long MovedNano = 0, int ShareBasisPoints = 0,
    long PerDayNano = 0) : AccountEvent;
