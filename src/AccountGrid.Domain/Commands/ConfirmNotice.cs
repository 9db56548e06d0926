using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <summary>
/// A message that waited is about to leave: is it still true? Asked by the sender, decided here, recorded, and written to the outbox with the effects.
/// </summary>
/// <param name="Kind">The message's kind as the outbox has it.</param>
public sealed record ConfirmNotice(int Account, string NoticeId, NoticeKind Kind) : AccountCommand(Account);
