using AccountGrid.Domain;

namespace AccountGrid.Host.DirectDebit;

/// <param name="Id">Also the end-to-end id, and the channel's id of the payment.</param>
/// <param name="Presentation">1; 2 where it is collected once more after the bank turned it down.</param>
/// <param name="Announced">What the customer was told.</param>
/// <param name="Amount">What is collected; null where nothing is.</param>
/// <param name="Why">Code of why it was not collected.</param>
/// <param name="Reason">The bank's reason for turning it down or taking it back.</param>
public sealed record DebitItemAnswer(
    string Id, string Account, string Mandate, DateOnly DueDay, DateOnly Day, int Presentation, string Announced, string? Amount, string? Sequence,
    string State, string? Why, string? Reason)
{
    internal static DebitItemAnswer Of(DebitItemRow i) => new(
        i.Id, i.Account_Id, i.Mandate, i.Due_Day, i.Collect_Day, i.Presentation, new Money(i.Announced_Nano).ToString(),
        i.Amount_Nano is { } nano && i.State != "skipped" ? new Money(nano).ToString() : null, i.Sequence, i.State, i.Why, i.Reason);
}
