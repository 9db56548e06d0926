namespace AccountGrid.Host.DirectDebit;

/// <param name="Day">Day of the collection, in the channel's zone.</param>
public sealed record DebitDayRequest(string Channel, DateOnly Day);
