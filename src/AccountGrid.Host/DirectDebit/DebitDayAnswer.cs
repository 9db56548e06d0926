namespace AccountGrid.Host.DirectDebit;

/// <summary>The collections of a channel and day.</summary>
/// <param name="NotAnnounced">What is due and was not announced, by reason; only in the answer to an announcement.</param>
public sealed record DebitDayAnswer(string Channel, DateOnly Day, IReadOnlyList<DebitSum> Items, IReadOnlyList<DebitSum>? NotAnnounced = null);
