using AccountGrid.Domain.Events;
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

    public static NoticeVerdict Of(string kind, NoticePresent now)
    {
        if (!now.IsLatest)
        {
            return NoticeVerdict.Withdraw("A later message says what is so now.");
        }

        return kind switch
        {
            NoticeKinds.LowBalance or NoticeKinds.BalanceExhausted or NoticeKinds.CreditUsed => Level(now),
            NoticeKinds.BalanceReminder =>
                now.IsExhausted ? NoticeVerdict.Say(NoticeKinds.BalanceExhausted) : NoticeVerdict.Withdraw("The balance is not below zero any more."),
            NoticeKinds.Bill => now.IsBillOpen ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("The bill is paid, or its due day is over."),
            NoticeKinds.Survey => now.IsClosed ? NoticeVerdict.Withdraw("The account is closed.") : NoticeVerdict.Say(kind),
            NoticeKinds.DirectDebit =>
                now.Unpaid > Money.Zero ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("What was to be collected is paid."),
            NoticeKinds.LastNotice => now.LastNoticeMayGo ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("Supply is no longer to be cut."),
            NoticeKinds.SupplyCut => now.Relay == Relay.Cut ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("Supply is no longer cut."),
            NoticeKinds.SupplyRestored =>
                now.Relay is Relay.Cut or Relay.CutReleased ? NoticeVerdict.Withdraw("Supply is cut again.") : NoticeVerdict.Say(kind),
            _ when NoticeKinds.Letters.TryGetValue(kind, out var stage) => Letter(kind, stage, now),
            _ => throw new InvariantBrokenException($"No rule says when a message of kind '{kind}' is true."),
        };
    }

    private static NoticeVerdict Level(NoticePresent now) => now switch
    {
        { IsClosed: true } => NoticeVerdict.Withdraw("The account is closed."),
        { Level: null } => NoticeVerdict.Withdraw("The balance is above the level again."),
        { Level: LevelKind.Exhausted } => NoticeVerdict.Say(NoticeKinds.BalanceExhausted),
        { Level: LevelKind.CreditUsed } => NoticeVerdict.Say(NoticeKinds.CreditUsed),
        _ => NoticeVerdict.Say(NoticeKinds.LowBalance),
    };

    private static NoticeVerdict Letter(string kind, Stage stage, NoticePresent now) => now switch
    {
        { Unpaid: var unpaid } when unpaid <= Money.Zero => NoticeVerdict.Withdraw("What it asks for is paid."),
        { IsPaused: true } => NoticeVerdict.Withdraw("A hold, a plan, a promise or an announced payment stops it."),
        _ when now.Stage != stage => NoticeVerdict.Withdraw("The account has left the stage that it is for."),
        _ => NoticeVerdict.Say(kind),
    };
}
