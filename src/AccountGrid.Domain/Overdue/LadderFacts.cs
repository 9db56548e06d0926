using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Overdue;

/// <param name="Stage">Where the account stands.</param>
/// <param name="StageDay">Local day on which it came there.</param>
/// <param name="OverdueDays">Days of the oldest unpaid bill after its due day; negative before it; null where nothing billed is unpaid.</param>
/// <param name="Today">Local day.</param>
/// <param name="IsPaused">Nothing may be escalated now: a hold, a plan that is kept, a promise or an announced payment.</param>
/// <param name="StopNoticeDelivered">Local day of the stop notice's proven delivery; 0 is none.</param>
/// <param name="Relay">State of supply.</param>
/// <param name="CutDay">Local day on which supply was cut; 0 where it is not.</param>
/// <param name="IsClosed">The account is closed: there is no supply to cut.</param>
public readonly record struct LadderFacts(Stage Stage, int StageDay, int? OverdueDays, int Today, bool IsPaused, int StopNoticeDelivered,
    Relay Relay, int CutDay = 0, bool IsClosed = false);
