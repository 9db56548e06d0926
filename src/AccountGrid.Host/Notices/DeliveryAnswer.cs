namespace AccountGrid.Host.Notices;

/// <param name="State">The message's state where the report does not count.</param>
/// <param name="Counted">False: the report is about an attempt that another has followed, or the message is delivered.</param>
public sealed record DeliveryAnswer(string Id, string State, bool Counted);
