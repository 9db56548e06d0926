namespace AccountGrid.Domain.Commands;

/// <summary>A person has supply restored, or a cut that is under way called off. It holds until a date; then the whole wait begins anew.</summary>
/// <param name="UntilMs">Until when nothing is cut, UTC ms; null is the pack's <c>restore.orderedHoldHours</c> from now.</param>
public sealed record OrderRestore(int Account, string By, string Reason, long? UntilMs = null) : AccountCommand(Account);
