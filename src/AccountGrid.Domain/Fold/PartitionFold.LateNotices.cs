using System.Globalization;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Fold;

/// <summary>
/// Messages that waited, compared with the present before they leave. The sender asks by a command in the account's log; what is decided is an event, and
/// reaches the outbox with the effects in their fenced transaction, so that a replay or another silo finds the same word and no second one.
/// </summary>
public sealed partial class PartitionFold
{
    private void Compare(ConfirmNotice command)
    {
        var parts = command.NoticeId.Split(':');
        var account = State.FindAccount(command.Account);
        if (account is null || parts.Length != 3 || parts[0] != command.Account.ToString(CultureInfo.InvariantCulture) || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            _effects.Verdicts[command.NoticeId] = new NoticeVerdictEffect(command.NoticeId, State.NowMs, null, null, "No account knows of it.");
            Refuse("notice.unknown", $"notice: '{command.NoticeId}' is no message of account number {command.Account}.", account);
            return;
        }

        // Brought up to now, with whatever falls due: the word is on the account as it is at this moment.
        account.Recharge();
        Advance(account, State.NowMs);
        var moment = account.Customer is { } customer && PolicyOf(account, State.NowMs) is { } policy
            ? new Moment(account, customer, policy, State.NowMs, account.Calendar.DayOf(State.NowMs))
            : default(Moment?);
        var kind = parts[1] == "balance-exhausted" ? "balance-reminder" : command.Kind;
        var present = moment is { } at ? PresentOf(at, parts[1], number, command.NoticeId) : PresentOf(account, number);
        var verdict = moment is null && parts[1] != "low-balance" ? NoticeVerdict.Withdraw("No policy decides for the account on this day.") : NoticeTruth.Of(kind, present);
        var facts = verdict.Kind is { } said ? PresentFacts(account, moment, parts[1], said) : null;
        if (verdict.Kind is null && moment is { } now)
        {
            TakeBack(now, command.NoticeId, kind, present);
        }

        Happened(account, new NoticeCompared(command.NoticeId, verdict.Kind, verdict.Reason));
        _effects.Verdicts[command.NoticeId] = new NoticeVerdictEffect(command.NoticeId, State.NowMs, verdict.Kind, facts, verdict.Reason);
        Settle(account);
        Accept(account);
    }

    /// <summary>An account under no pack has levels by amount, and no other message.</summary>
    private static NoticePresent PresentOf(AccountState account, int number) => new()
    {
        IsLatest = number == account.Levels.Episode, IsClosed = account.Status == AccountStatus.Closed, Level = account.Levels.LowestFired?.Kind,
    };

    private NoticePresent PresentOf(in Moment at, string rule, int number, string noticeId)
    {
        var (account, overdue, supply) = (at.Account, at.Customer.Overdue, at.Customer.Supply);
        var last = rule switch
        {
            "low-balance" => account.Levels.Episode,
            "balance-exhausted" => number,
            "bill" => overdue.BillNoticeNumber,
            _ when NoticeTruth.Letters.ContainsKey(rule) => overdue.LetterNumber,
            _ => supply.NoticeNumber,
        };
        return PresentOf(account, number) with
        {
            IsLatest = number == last,
            IsExhausted = account.Mode == PaymentMode.Prepaid && account.Balance < Money.Zero,
            Stage = overdue.Stage,
            IsPaused = LadderFactsOf(at).Pauses.Count > 0,
            Unpaid = LetterAmount(at),
            IsBillOpen = LastDueDay(overdue) >= at.Today && Asking.Bill(overdue.Book, at.Policy.Digits) > Money.Zero,
            Relay = supply.Relay,
            LastNoticeMayGo = supply.Relay == Relay.LastNotice && overdue.LastNoticeId == noticeId && LastNoticeResult(at).Go,
        };
    }

    /// <summary>The interlock's word on a cut when a last notice that leaves now has had its time.</summary>
    private static InterlockResult LastNoticeResult(in Moment at)
    {
        var delivered = at.Customer.Overdue.LastNoticeDeliveredMs is not 0 and var known ? known : at.Ms;
        return Interlock.Evaluate(InterlockFactsOf(at.Account, at.Policy, LastNoticeCutMs(at)) with { LastNoticeDeliveredMs = delivered }, at.Policy, at.Account.Calendar);
    }

    private static long LastNoticeCutMs(in Moment at)
    {
        var (overdue, minutes) = (at.Customer.Overdue, NoticeMinutes(at.Policy, at.Customer.Supply.Cause));
        return Math.Max(at.Ms, (overdue.LastNoticeDeliveredMs == 0 ? at.Ms : overdue.LastNoticeDeliveredMs) + (minutes * MinuteMs));
    }

    private NoticeFacts PresentFacts(AccountState account, Moment? moment, string rule, string kind)
    {
        if (rule == "low-balance")
        {
            return LevelFacts(account, moment?.Policy, account.Levels.LowestFired!.Value);
        }

        var at = moment!.Value;
        return kind switch
        {
            "bill" => BillFactsOf(at),
            "last-notice" => LastNoticeFacts(at, at.Customer.Supply.Cause, LastNoticeCutMs(at)),
            "supply-cut" => SupplyCutFacts(at),
            _ when NoticeTruth.Letters.ContainsKey(kind) => LetterFacts(at, kind),
            _ => FactsOf(at),
        };
    }

    /// <summary>What rested on a message that never left is taken back: it is given again when its time comes.</summary>
    private void TakeBack(in Moment at, string noticeId, string kind, NoticePresent present)
    {
        var overdue = at.Customer.Overdue;
        if (kind == "last-notice" && at.Customer.Supply.Relay == Relay.LastNotice && overdue.LastNoticeId == noticeId)
        {
            CallOff(at, "The last notice could not leave in time.", IsStopped(LastNoticeResult(at)));
        }
        else if (kind == "stop-notice" && overdue.StopNoticeId == noticeId && overdue.Stage == Stage.StopNotice)
        {
            EnterStage(at, Stage.Demand, LadderFactsOf(at));
            (overdue.StopNoticeId, overdue.StopNoticeDeliveredMs) = (null, 0);
        }
        else if (kind == "demand" && present.IsLatest && overdue.Stage == Stage.Demand)
        {
            EnterStage(at, Stage.PlanOffer, LadderFactsOf(at));
            overdue.DemandDay = 0;
        }
    }
}
