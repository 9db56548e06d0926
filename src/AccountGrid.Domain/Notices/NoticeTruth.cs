using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Notices;

/// <summary>
/// Whether a message that waited (quiet hours, a retry, another channel) is still true when it leaves. What is no longer so is withdrawn; what is so at other
/// figures says those of now; several levels that were passed meanwhile are one message, the lowest's. (DOMAIN, low balance: a message is true when it leaves.)
/// </summary>
public static class NoticeTruth
{
    /// <summary>Longest time from a decision, or the last look, to the handing over, ms. Beyond it the account is asked first.</summary>
    public const long FreshMs = 60_000;

    public static NoticeVerdict Of(NoticeKind kind, NoticePresent now)
    {
        if (!now.IsLatest)
        {
            return NoticeVerdict.Withdraw("A later message says what is so now.");
        }

        return kind switch
        {
            NoticeKind.LowBalance or NoticeKind.BalanceExhausted or NoticeKind.CreditUsed => Level(now),
            NoticeKind.BalanceReminder =>
                now.IsExhausted ? NoticeVerdict.Say(NoticeKind.BalanceExhausted) : NoticeVerdict.Withdraw("The balance is not below zero any more."),
            NoticeKind.Bill => now.IsBillOpen ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("The bill is paid, or its due day is over."),
            NoticeKind.FinalBill => now.IsSettled ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("Something is to be paid since."),
            NoticeKind.Survey => now.IsClosed ? NoticeVerdict.Withdraw("The account is closed.") : NoticeVerdict.Say(kind),
            NoticeKind.PriceChange or NoticeKind.PriceWithdrawn when now.IsClosed => NoticeVerdict.Withdraw("The account is closed."),
            NoticeKind.PriceChange =>
                now.IsPriceDue ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("The price was withdrawn, or the account is not on it."),
            NoticeKind.PriceWithdrawn => NoticeVerdict.Say(kind),
            NoticeKind.DirectDebit =>
                now.Unpaid > Money.Zero ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("What was to be collected is paid."),
            NoticeKind.LastNotice => now.LastNoticeMayGo ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("Supply is no longer to be cut."),
            NoticeKind.SupplyCut => now.Relay == Relay.Cut ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("Supply is no longer cut."),
            NoticeKind.SupplyRestored =>
                now.Relay is Relay.Cut or Relay.CutReleased ? NoticeVerdict.Withdraw("Supply is cut again.") : NoticeVerdict.Say(kind),
            _ when NoticeKinds.Letters.TryGetValue(kind, out var stage) => Letter(kind, stage, now),
            _ => throw new InvariantBrokenException($"No rule says when a message of kind {kind} is true."),
        };
    }

    private static NoticeVerdict Level(NoticePresent now) => now switch
    {
        { IsClosed: true } => NoticeVerdict.Withdraw("The account is closed."),
        { Level: null } => NoticeVerdict.Withdraw("The balance is above the level again."),
        { Level: LevelKind.Exhausted } => NoticeVerdict.Say(NoticeKind.BalanceExhausted),
        { Level: LevelKind.CreditUsed } => NoticeVerdict.Say(NoticeKind.CreditUsed),
        _ => NoticeVerdict.Say(NoticeKind.LowBalance),
    };

    private static NoticeVerdict Letter(NoticeKind kind, Stage stage, NoticePresent now) => now switch
    {
        { Unpaid: var unpaid } when unpaid <= Money.Zero => NoticeVerdict.Withdraw("What it asks for is paid."),
        { IsPaused: true } => NoticeVerdict.Withdraw("A hold, a plan, a promise or an announced payment stops it."),
        _ when now.Stage != stage => NoticeVerdict.Withdraw("The account has left the stage that it is for."),
        _ => NoticeVerdict.Say(kind),
    };
}
