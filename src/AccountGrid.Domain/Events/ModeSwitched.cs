using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <param name="Moved">What was owed and is now in a debt agreement; 0 is nothing.</param>
/// <param name="ShareBasisPoints">Terms of that agreement: share of each payment, hundredths of a percent.</param>
/// <param name="PerDay">And amount per day.</param>
public sealed record ModeSwitched(
    PaymentMode From, PaymentMode To, string? ConsentReference, string DecidedBy, string ApprovedBy, Money Moved = default, int ShareBasisPoints = 0,
    Money PerDay = default) : AccountEvent;
