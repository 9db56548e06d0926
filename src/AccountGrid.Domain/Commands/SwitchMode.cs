using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <param name="ConsentReference">What the customer signed to agree to prepaid control; needed for it.</param>
/// <param name="DecidedBy">Who decided it.</param>
/// <param name="ApprovedBy">A second person.</param>
/// <param name="ShareBasisPoints">Terms of a debt agreement for what is owed, hundredths of a percent of each payment; with 0 here and in the next nothing may
/// be owed.</param>
/// <param name="PerDay">And amount per day.</param>
public sealed record SwitchMode(int Account, PaymentMode Mode, string? ConsentReference, string DecidedBy, string ApprovedBy, int ShareBasisPoints = 0,
    Money PerDay = default) : AccountCommand(Account);
