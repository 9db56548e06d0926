using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Overdue;

namespace AccountGrid.Domain.Notices;

/// <summary>What an account is at the moment at which a message that waited is to leave.</summary>
public sealed record NoticePresent
{
    /// <summary>No later message of its group was decided: levels, letters about arrears, bills, supply.</summary>
    public bool IsLatest { get; init; } = true;

    public bool IsClosed { get; init; }

    /// <summary>Prepaid, and the balance is below zero.</summary>
    public bool IsExhausted { get; init; }

    /// <summary>The lowest level that the balance has fallen below and not risen from; null is none.</summary>
    public LevelKind? Level { get; init; }

    public Stage Stage { get; init; }

    /// <summary>A hold, a plan, a promise or an announced payment stops escalation.</summary>
    public bool IsPaused { get; init; }

    /// <summary>What a letter about arrears asks for.</summary>
    public Money Unpaid { get; init; }

    /// <summary>The newest bill is unpaid and its due day is not over, whatever older ones are.</summary>
    public bool IsBillOpen { get; init; }

    public Relay Relay { get; init; }

    /// <summary>The last notice is this one, and a cut in its minutes is still allowed.</summary>
    public bool LastNoticeMayGo { get; init; }
}

/// <param name="Kind">The message that is true now; null withdraws it.</param>
/// <param name="Reason">Why it is withdrawn; null where it is not.</param>
public readonly record struct NoticeVerdict(string? Kind, string? Reason)
{
    public static NoticeVerdict Say(string kind) => new(kind, null);

    public static NoticeVerdict Withdraw(string reason) => new(null, reason);
}

/// <summary>
/// Whether a message that waited (quiet hours, a retry, another channel) is still true when it leaves. What is no longer so is withdrawn; what is so at other
/// figures says those of now; several levels that were passed meanwhile are one message, the lowest's. (DOMAIN, low balance: a message is true when it leaves.)
/// </summary>
public static class NoticeTruth
{
    /// <summary>Longest time from a decision, or the last look, to the handing over, ms. Beyond it the account is asked first.</summary>
    public const long FreshMs = 60_000;

    /// <summary>Letters about arrears and the stage that each is for.</summary>
    public static IReadOnlyDictionary<string, Stage> Letters { get; } = new Dictionary<string, Stage>
    {
        ["payment-reminder"] = Stage.Reminder, ["payment-due"] = Stage.Due, ["courtesy-reminder"] = Stage.Courtesy, ["plan-offer"] = Stage.PlanOffer, ["demand"] = Stage.Demand, ["stop-notice"] = Stage.StopNotice,
    };

    public static NoticeVerdict Of(string kind, NoticePresent now)
    {
        if (!now.IsLatest)
        {
            return NoticeVerdict.Withdraw("A later message says what is so now.");
        }

        return kind switch
        {
            "low-balance" or "balance-exhausted" or "credit-used" => Level(now),
            "balance-reminder" => now.IsExhausted ? NoticeVerdict.Say("balance-exhausted") : NoticeVerdict.Withdraw("The balance is not below zero any more."),
            "bill" => now.IsBillOpen ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("The bill is paid, or its due day is over."),
            "last-notice" => now.LastNoticeMayGo ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("Supply is not to be cut any more."),
            "supply-cut" => now.Relay == Relay.Cut ? NoticeVerdict.Say(kind) : NoticeVerdict.Withdraw("Supply is not cut any more."),
            "supply-restored" => now.Relay is Relay.Cut or Relay.CutReleased ? NoticeVerdict.Withdraw("Supply is cut again.") : NoticeVerdict.Say(kind),
            _ when Letters.TryGetValue(kind, out var stage) => Letter(kind, stage, now),
            _ => throw new InvariantBrokenException($"No rule says when a message of kind '{kind}' is true."),
        };
    }

    private static NoticeVerdict Level(NoticePresent now) => now switch
    {
        { IsClosed: true } => NoticeVerdict.Withdraw("The account is closed."),
        { Level: null } => NoticeVerdict.Withdraw("The balance is above the level again."),
        { Level: LevelKind.Exhausted } => NoticeVerdict.Say("balance-exhausted"),
        { Level: LevelKind.CreditUsed } => NoticeVerdict.Say("credit-used"),
        _ => NoticeVerdict.Say("low-balance"),
    };

    private static NoticeVerdict Letter(string kind, Stage stage, NoticePresent now) => now switch
    {
        { Unpaid: var unpaid } when unpaid <= Money.Zero => NoticeVerdict.Withdraw("What it asks for is paid."),
        { IsPaused: true } => NoticeVerdict.Withdraw("A hold, a plan, a promise or an announced payment stops it."),
        _ when now.Stage != stage => NoticeVerdict.Withdraw("The account has left the stage that it is for."),
        _ => NoticeVerdict.Say(kind),
    };
}
