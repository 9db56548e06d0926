namespace AccountGrid.Domain.State;

/// <summary>A collection that the customer was given notice of: nothing else is collected.</summary>
/// <param name="DueDay">Local due day of what is collected.</param>
/// <param name="Amount">The most that is collected.</param>
/// <param name="Day">Local day of the collection; the day after, it is forgotten.</param>
/// <param name="NoticeId">The notice; where it is withdrawn, nothing is collected.</param>
public readonly record struct AnnouncedDebit(string Item, int DueDay, Money Amount, int Day, string NoticeId);
