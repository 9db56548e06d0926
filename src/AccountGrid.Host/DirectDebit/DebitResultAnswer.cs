namespace AccountGrid.Host.DirectDebit;

/// <summary>What a file of results led to.</summary>
/// <param name="Id">Of the file, by its content.</param>
/// <param name="Format"><c>pain.002</c>, <c>camt</c> or <c>csv</c>.</param>
/// <param name="Outcomes">
/// Count by outcome: <c>booked</c>, <c>held</c> (the account is closed and owes nothing), <c>rejected</c> (nothing was booked), <c>returned</c> (the payment
/// was taken back), <c>known</c> (it was said before, or came back before), <c>pending</c>, or the code with which the booking or reversal was refused.
/// </param>
public sealed record DebitResultAnswer(string Id, string Channel, string Format, int Results, IReadOnlyDictionary<string, int> Outcomes);
