using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>Messages to customers: what each says, by the account as it is at that moment. The same functions word it when it is decided and when it leaves late.</summary>
public sealed partial class PartitionFold
{
    private void Warn(AccountState account, Level level, Money balance)
    {
        var policy = PolicyOf(account, State.NowMs);
        var kind = level.Kind switch
        {
            LevelKind.Exhausted => "balance-exhausted",
            LevelKind.CreditUsed => "credit-used",
            _ => "low-balance",
        };
        var id = $"{account.Number}:low-balance:{account.Levels.Episode}";
        Happened(account, new BalanceLow(id, level.FireNano, balance.Nano));
        var notBefore = policy?.AfterQuietHours(account.Calendar, State.NowMs) ?? State.NowMs;
        _effects.Notices.Add(new NoticeEffect(id, account.Number, _position, State.NowMs, kind, notBefore, QuietOf(account, policy), LevelFacts(account, policy, level)));
    }

    private NoticeFacts LevelFacts(AccountState account, Policy? policy, Level level)
    {
        var tenths = policy is null ? null : SupplyForecast.Of(account, policy.Business, State.NowMs)?.TenthsOfDaysLeft();
        return FactsOf(account, policy) with
        {
            LevelAmount = level.Kind == LevelKind.Days ? null : new Money(level.FireNano).ToString(),
            LevelDays = level.Kind == LevelKind.Days ? (int)level.Value : null,
            DaysLeft = tenths is { } t ? $"{t / 10}.{t % 10}" : null,
            EmergencyCredit = policy is { EmergencyCredit.Nano: > 0 } ? policy.EmergencyCredit.ToString() : null,
        };
    }

    private string NotifyArrears(in Moment at, string kind) => Notify(at, kind, LetterFacts(at, kind));

    private NoticeFacts LetterFacts(in Moment at, string kind)
    {
        var (overdue, today) = (at.Customer.Overdue, at.Today);
        var due = overdue.OldestDueDay(at.Policy) ?? today;
        var fees = new Money(overdue.FeesNano).RoundedUpTo(at.Policy.Digits);
        var cutDay = at.Policy.Business.AddBusinessDays(today + at.Policy.Definition.Cut.StopNoticeDaysMin, 0);
        return FactsOf(at) with
        {
            Amount = LetterAmount(at).ToString(),
            DueDay = Instants.DayToText(due),
            OverdueDays = Math.Max(0, today - due),
            LateFees = fees > Money.Zero ? fees.ToString() : null,
            CutAfter = kind == "stop-notice" ? Instants.DayToText(cutDay) : null,
        };
    }

    /// <summary>What a letter asks for: what is due today, or, before anything is, what will be due first.</summary>
    private static Money LetterAmount(in Moment at) =>
        Asking.Due(at.Customer.Overdue.Book, at.Policy.Allocation, at.Policy.Digits, Math.Max(at.Today, at.Customer.Overdue.OldestDueDay(at.Policy) ?? at.Today));

    /// <summary>The last bill and what is to be paid with it: all that is unpaid, and late fees.</summary>
    private NoticeFacts BillFactsOf(in Moment at)
    {
        var overdue = at.Customer.Overdue;
        var due = LastDueDay(overdue);
        return FactsOf(at) with { Amount = Asking.Bill(overdue.Book, at.Policy.Digits).ToString(), DueDay = due == 0 ? null : Instants.DayToText(due) };
    }

    /// <summary>Due day of the newest unpaid bill; 0 where all are paid.</summary>
    private static int LastDueDay(OverdueState overdue) => overdue.Book.Asked.Select(i => i.DueDay).DefaultIfEmpty(0).Last();

    /// <param name="cutMs">Earliest instant of the cut.</param>
    private NoticeFacts LastNoticeFacts(in Moment at, CutCause cause, long cutMs)
    {
        var (calendar, minute) = (at.Account.Calendar, at.Account.Calendar.MinuteOf(cutMs));
        return FactsOf(at) with { Amount = AskedFor(at, cause).ToString(), CutAfter = $"{Instants.DayToText(calendar.DayOf(cutMs))} {minute / 60:00}:{minute % 60:00}" };
    }

    private NoticeFacts SupplyCutFacts(in Moment at) => FactsOf(at) with { Amount = AskedFor(at, at.Customer.Supply.Cause).ToString() };

    /// <summary>What ends a cut, or calls one off: enough, whatever a debt agreement takes of payments.</summary>
    private static Money AskedFor(in Moment at, CutCause cause) =>
        cause == CutCause.Arrears ? Asking.Arrears(at.Customer.Overdue.Book, at.Policy.Allocation, at.Policy.Digits) : Asking.Prepaid(at.Account.Balance, at.Policy.Digits);

    /// <summary>Gives a message with a name of its own: account, kind and number.</summary>
    private string Notify(in Moment at, string kind, NoticeFacts facts, bool holdsInQuietHours = true)
    {
        var (account, overdue) = (at.Account, at.Customer.Overdue);
        var number = ++overdue.Episode;
        if (NoticeTruth.Letters.ContainsKey(kind))
        {
            overdue.LetterNumber = number;
        }
        else if (kind == "bill")
        {
            overdue.BillNoticeNumber = number;
        }
        else if (kind is "last-notice" or "supply-cut" or "supply-restored")
        {
            at.Customer.Supply.NoticeNumber = number;
        }

        var id = $"{account.Number}:{kind}:{number}";
        var notBefore = holdsInQuietHours ? at.Policy.AfterQuietHours(account.Calendar, State.NowMs) : State.NowMs;
        Happened(account, new NoticeGiven(id, kind, at.Policy.Stamp));
        _effects.Notices.Add(new NoticeEffect(id, account.Number, _position, State.NowMs, kind, notBefore, holdsInQuietHours ? QuietOf(account, at.Policy) : null, facts));
        return id;
    }

    private static QuietTime? QuietOf(AccountState account, Policy? policy) => policy is null || Faults.Sabotage.IgnoreQuietHours ? null : new QuietTime(policy.QuietHours, account.CurrentTariff.Definition.Zone);

    private NoticeFacts FactsOf(in Moment at) => FactsOf(at.Account, at.Policy);

    private NoticeFacts FactsOf(AccountState account, Policy? policy) => new()
    {
        Balance = account.Balance.ToString(),
        Currency = account.CurrentTariff.Definition.Currency,
        AtMs = State.NowMs,
        MeterCount = account.Meters.Count(m => m.UntilMs == long.MaxValue),
        Policy = policy?.Stamp,
    };
}
