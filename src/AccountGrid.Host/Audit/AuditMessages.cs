using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>Amounts in messages: a message says what is so at the moment at which it was decided, or was last compared.</summary>
internal sealed class AuditMessages(AuditedAccount account)
{
    public void Meet(string id, NoticeKind kind, long atMs, int today)
    {
        if (account.PackOf(today) is not { } pack || !account.Tables.Messages.TryGetValue(id, out var message) || message.Kind != kind.Code()
            || message.Body.AtMs != atMs)
        {
            return;
        }

        var items = account.Items;
        var arrears = items.Asked < pack.Unit ? 0 : pack.Up(items.Asked + (pack.FeesFirst ? items.Fees : 0));
        var body = message.Body;
        switch (kind)
        {
            case NoticeKind.Bill:
                Says(id, "asks for", pack.Asked(items.Asked + items.Fees), body.Amount);
                break;
            case NoticeKind.LastNotice or NoticeKind.SupplyCut:
                var missing = pack.Up(Math.Max(0, -Nano(body.Balance)));
                Says(id, "asks for", account.Mode == PaymentMode.Prepaid && Nano(body.Amount) != arrears ? missing : arrears, body.Amount);
                break;
            case NoticeKind.PaymentReminder or NoticeKind.PaymentDue or NoticeKind.CourtesyReminder or NoticeKind.PlanOffer or NoticeKind.Demand
                or NoticeKind.StopNotice:
                var due = DueBy(Math.Max(today, today - (account.OverdueDays(pack, today) ?? 0)));
                Says(id, "asks for", due < pack.Unit ? 0 : pack.Up(due + (pack.FeesFirst ? items.Fees : 0)), body.Amount);
                Says(id, "names late fees of", pack.Up(items.Fees), body.LateFees);
                break;
        }
    }

    /// <summary>
    /// Unpaid of what was asked for and is due by a day: what a letter may call due. (DOMAIN, low balance: a message is true when it leaves.)
    /// </summary>
    private long DueBy(int day) => account.Items.Items.Where(i => i.IsAsked && i.DueDay <= day).Sum(i => i.Open);

    private void Says(string id, string what, long expected, string? found)
    {
        if (Nano(found) != expected)
        {
            account.Differ($"message {id} {what} {AuditedAccount.Text(Nano(found))} where {AuditedAccount.Text(expected)} is so");
        }
    }

    private static long Nano(string? text) => text is null ? 0 : (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * Money.NanoPerUnit);
}
