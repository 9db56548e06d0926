using System.Globalization;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Accounts;

/// <summary>
/// Messages that waited, compared with the present before they leave. The sender asks by a command in the account's log; what is decided is an event, and
/// reaches the outbox with the effects in their fenced transaction, so that a replay or another silo finds the same word and no second one.
/// </summary>
internal static class NoticeComparison
{
    internal static void Compare(FoldContext context, ConfirmNotice command)
    {
        var parts = command.NoticeId.Split(':');
        var account = context.State.FindAccount(command.Account);
        if (account is null || parts.Length != 3 || parts[0] != command.Account.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || NoticeKinds.FindOrNull(parts[1]) is not { } rule)
        {
            context.Effects.Verdicts[command.NoticeId] = new NoticeVerdictEffect(command.NoticeId, context.NowMs, null, null, "No account has this notice.");
            context.Refuse(CustomerRefusals.NoticeUnknown, $"notice: '{command.NoticeId}' is not a notice of account number {command.Account}.", account);
            return;
        }

        // The account is brought up to now first, so that the comparison is with its present state.
        account.Recharge();
        Workflow.Advance(context, account, context.NowMs);
        var moment = context.MomentOf(account);
        var kind = rule == NoticeKind.BalanceExhausted ? NoticeKind.BalanceReminder : command.Kind;
        var present = moment is { } at ? PresentOf(at, rule, number, command.NoticeId) : PresentOf(account, number);
        var isOfPrice = rule is NoticeKind.PriceChange or NoticeKind.PriceWithdrawn;
        present = isOfPrice ? PresentOfPrice(context, account, number) : present;
        var verdict = moment is null && rule != NoticeKind.LowBalance && !isOfPrice
            ? NoticeVerdict.Withdraw("No policy decides for the account on this day.")
            : NoticeTruth.Of(kind, present);
        var facts = verdict.Kind is { } said and not (NoticeKind.Survey or NoticeKind.DirectDebit) && !isOfPrice
            ? PresentFacts(context, account, moment, rule, said)
            : null;
        if (verdict.Kind is null && moment is { } now)
        {
            Withdraw(context, now, command.NoticeId, kind, present);
        }

        context.Emit(account, new NoticeCompared(command.NoticeId, verdict.Kind, verdict.Reason));
        context.Effects.Verdicts[command.NoticeId] = new NoticeVerdictEffect(command.NoticeId, context.NowMs, verdict.Kind, facts, verdict.Reason);
        BalanceWatch.Settle(context, account);
        context.Accept(account);
    }

    /// <summary>An account under no pack has levels by amount, and no other message.</summary>
    private static NoticePresent PresentOf(AccountState account, int number) => new()
    {
        IsLatest = number == account.Levels.Episode,
        IsClosed = account.Status == AccountStatus.Closed,
        Level = account.Levels.LowestFired?.Kind,
    };

    /// <summary>The message of a price holds under any pack and none: whether the version still is, or will be, the account's on its first day.</summary>
    private static NoticePresent PresentOfPrice(FoldContext context, AccountState account, int number) => new()
    {
        IsClosed = account.Status == AccountStatus.Closed,
        IsPriceDue = context.TariffOrNull(number) is { } version && account.TariffOf(version.FromDay, context.NowMs) == version,
    };

    private static NoticePresent PresentOf(in Moment at, NoticeKind rule, int number, string noticeId)
    {
        var (account, overdue, supply) = (at.Account, at.Customer.Overdue, at.Customer.Supply);
        var last = rule switch
        {
            NoticeKind.LowBalance => account.Levels.Episode,
            NoticeKind.BalanceExhausted or NoticeKind.Survey or NoticeKind.DirectDebit => number,
            NoticeKind.Bill or NoticeKind.FinalBill => overdue.BillNoticeNumber,
            _ when NoticeKinds.Letters.ContainsKey(rule) => overdue.LetterNumber,
            _ => supply.NoticeNumber,
        };
        return PresentOf(account, number) with
        {
            IsLatest = number == last,
            IsExhausted = account.Mode == PaymentMode.Prepaid && account.Balance < Money.Zero,
            Stage = overdue.Stage,
            IsPaused = StageTransitions.FactsOf(at).IsPaused,
            Unpaid = rule == NoticeKind.DirectDebit ? ToBeCollected(at, noticeId) : Letters.AmountOf(at),
            IsBillOpen = BillNotices.LastDueDay(overdue) >= at.Today && Asking.Bill(overdue.Book, at.Policy.Digits) > Money.Zero,
            IsSettled = BillNotices.IsSettled(at),
            Relay = supply.Relay,
            LastNoticeMayGo = supply.Relay == Relay.LastNotice && overdue.LastNoticeId == noticeId && Cuts.LastNoticeResult(at).Go,
        };
    }

    /// <summary>What is unpaid of the due day that a notice of direct debit is about; a bill need not be due yet.</summary>
    private static Money ToBeCollected(in Moment at, string noticeId) =>
        at.Customer.AnnouncedDebits.Find(a => a.NoticeId == noticeId) is { Item: not null } announced
            ? DebitDecisions.Owed(at.Account, announced.DueDay)
            : Money.Zero;

    private static NoticeFacts PresentFacts(FoldContext context, AccountState account, Moment? moment, NoticeKind rule, NoticeKind kind)
    {
        if (rule == NoticeKind.LowBalance)
        {
            return LowBalanceNotices.FactsOf(context, account, moment?.Policy, account.Levels.LowestFired!.Value);
        }

        var at = moment!.Value;
        return kind switch
        {
            NoticeKind.Bill => BillNotices.FactsOf(context, at),
            NoticeKind.FinalBill => BillNotices.FinalFactsOf(context, at),
            NoticeKind.LastNotice => SupplyNotices.LastNoticeFacts(context, at, at.Customer.Supply.Cause, Cuts.LastNoticeCutMs(at)),
            NoticeKind.SupplyCut => SupplyNotices.SupplyCutFacts(context, at),
            _ when NoticeKinds.Letters.ContainsKey(kind) => Letters.FactsOf(context, at, kind),
            _ => NoticeWriter.FactsOf(context, at),
        };
    }

    /// <summary>What rested on a message that never left is taken back: it is given again when its time comes.</summary>
    private static void Withdraw(FoldContext context, in Moment at, string noticeId, NoticeKind kind, NoticePresent present)
    {
        var overdue = at.Customer.Overdue;
        if (kind == NoticeKind.LastNotice && at.Customer.Supply.Relay == Relay.LastNotice && overdue.LastNoticeId == noticeId)
        {
            Cuts.CallOff(context, at, "The last notice could not leave in time.", InterlockCheck.IsStopped(Cuts.LastNoticeResult(at)));
        }
        else if (kind == NoticeKind.StopNotice && overdue.StopNoticeId == noticeId && overdue.Stage == Stage.StopNotice)
        {
            StageTransitions.Enter(context, at, Stage.Demand, StageTransitions.FactsOf(at));
            (overdue.StopNoticeId, overdue.StopNoticeDeliveredMs) = (null, 0);
        }
        else if (kind == NoticeKind.Demand && present.IsLatest && overdue.Stage == Stage.Demand)
        {
            StageTransitions.Enter(context, at, Stage.PlanOffer, StageTransitions.FactsOf(at));
            overdue.DemandDay = 0;
        }
    }
}
