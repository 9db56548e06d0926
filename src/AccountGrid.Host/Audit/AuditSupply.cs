using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Stages and cuts against the items, holds, plans and promises of their moment, by docs/domain-rules.md "Overdue stages" and "Low balance and notices" and
/// the pack. What no event tells (how old a reading was, since when a balance was below zero) is taken from the decision's own record.
/// </summary>
internal sealed class AuditSupply(AuditedAccount account, AuditAgreements agreements, AuditHolds holds)
{
    private readonly Dictionary<string, long> _expected = [];
    private readonly Dictionary<string, long> _delivered = [];
    private CustomerTraits _traits;
    private bool _isProtected;
    private Stage _stage;
    private int _stageDay = int.MinValue;
    private Relay _relay;
    private int _cutDay = int.MaxValue;
    private string _stopNotice = "";
    private int _stopNoticeDay;
    private string _lastNotice = "";
    private bool _isDemanded;
    private long _creditAt = -1;
    private long _creditMs;

    public void Follow(AuditRow row, AccountEvent happened, int today)
    {
        FollowMoney(row, happened);
        switch (happened)
        {
            case AccountOpened e:
                _isProtected = e.Protected;
                break;
            case HouseholdChanged e:
                _isProtected = e.Protected;
                break;
            case CustomerSet e:
                _traits = e.Traits;
                break;
            case DeliveryReported e:
                _delivered.TryAdd(e.NoticeId, e.AtMs);
                break;
            case ContactRecorded { Outcome: "delivered-in-hand" or "signed-for", CaseId: not null }:
                _delivered.TryAdd(_stopNotice, row.AtMs);
                break;
            case NoticeGiven { Kind: NoticeKind.StopNotice } e:
                (_stopNotice, _stopNoticeDay) = (e.Id, today);
                break;
            case NoticeGiven { Kind: NoticeKind.LastNotice } e:
                _lastNotice = e.Id;
                break;
            case RelayChanged e:
                (_relay, _cutDay) = (e.To, e.To == Relay.Cut ? today : int.MaxValue);
                break;
            case StageEntered e when account.IsBilled && account.PackOf(today) is { } pack:
                EnterStage(e, row, pack, today);
                break;
            case CutDecided { Step: CutStep.Planned or CutStep.Released } e when account.PackOf(today) is { } pack:
                account.Differ(
                    ReasonsAgainst(e.Interlock.Facts, row, pack, today).Select(why => $"a cut was {e.Step} at {Instants.ToText(row.AtMs)} although {why}"));
                break;
        }
    }

    /// <summary>A credit that ends the cause of a cut restores supply in the same record. (DOMAIN, low balance: on payment, restore at once.)</summary>
    /// <param name="position">Position of the next record's rows.</param>
    public void EndCredit(long position)
    {
        if (_creditAt < 0 || _creditAt == position)
        {
            return;
        }

        var (at, today) = (_creditAt, account.DayOf(_creditMs));
        _creditAt = -1;
        if (!account.IsBilled || _relay is not (Relay.Cut or Relay.CutReleased) || account.PackOf(today) is not { } pack)
        {
            return;
        }

        if (account.Mode == PaymentMode.Prepaid
            ? account.Tables.Balances.TryGetValue(at, out var after) && after > -Math.Max(1, pack.ArrearsMinimum)
            : account.OverdueDays(pack, today) is not { } days || days <= 0 || today - days >= _cutDay)
        {
            account.Differ($"supply stayed off after what was credited at {at}, which ended the cause");
        }
    }

    /// <summary>Payments that were announced, and credits, which may end the cause of a cut.</summary>
    private void FollowMoney(AuditRow row, AccountEvent happened)
    {
        switch (happened)
        {
            case PaymentAnnounced e:
                _expected[e.Reference] = e.UntilMs;
                break;
            case PaymentTaken e:
                _expected.Remove(e.Reference ?? "");
                (_creditAt, _creditMs) = (row.Position, row.AtMs);
                break;
            case BalanceAdjusted { Amount.Nano: > 0 } or DebtMoved or WrittenOff or ModeSwitched { To: PaymentMode.Prepaid }:
                (_creditAt, _creditMs) = (row.Position, row.AtMs);
                break;
        }
    }

    /// <summary>A stage is entered one after the other, on a business day, after the pack's days, and only while nothing prevents it.</summary>
    private void EnterStage(StageEntered e, AuditRow row, AuditPack pack, int today)
    {
        var days = account.OverdueDays(pack, today);
        if ((days ?? -1) != (e.OverdueDays ?? -1) || (days is null && e.OverdueDays is not (null or -1)))
        {
            account.Differ($"at stage {e.To} of {AuditedAccount.Text(today)} its arrears must be {days} days overdue but are {e.OverdueDays}");
        }

        // A last notice that came to nothing leads back to the stop notice, and no event tells of that.
        if (e.From != _stage && !(_stage == Stage.ReNotice && e.From == Stage.StopNotice))
        {
            account.Differ($"stage {e.To} of {AuditedAccount.Text(today)} follows {e.From}, and it was in {_stage}");
        }

        if (e.To > e.From && e.To is not (Stage.ReNotice or Stage.Cut))
        {
            var isNext = AuditStages.IsNext(e.From, e.To, account.IsClosed);
            var wrong = Pauses(row.AtMs, today).ToList();
            wrong.AddRange(isNext ? [] : ["a stage was skipped"]);
            wrong.AddRange(days >= AuditStages.LeastDays(pack, e.To) ? [] : [$"{AuditStages.LeastDays(pack, e.To)} days overdue are needed"]);
            wrong.AddRange(pack.Works(today) ? [] : ["it is not a business day"]);
            wrong.AddRange(
                e.From <= Stage.Reminder || today >= _stageDay + pack.Ladder.DwellDays ? [] : [$"{e.From} was entered on {AuditedAccount.Text(_stageDay)}"]);
            account.Differ(wrong.Select(w => $"stage {e.To} was entered on {AuditedAccount.Text(today)} although {w}"));
        }

        _isDemanded = e.To != Stage.None && (_isDemanded || e.To == Stage.Demand);
        (_stage, _stageDay) = (e.To, today);
    }

    /// <summary>What prevents every stage and cut: holds, an announced payment, a kept plan, an open promise.</summary>
    private IEnumerable<string> Pauses(long atMs, int today)
    {
        foreach (var kind in holds.Standing(atMs))
        {
            yield return $"a hold stands: {kind}";
        }

        if (_expected.Values.Any(until => until > atMs) || holds.IsCollecting(atMs))
        {
            yield return "a payment was announced";
        }

        if (agreements.IsPlanKept(today))
        {
            yield return "a plan was kept";
        }

        if (agreements.IsPromiseOpen(today))
        {
            yield return "a promise was open";
        }
    }

    private List<string> ReasonsAgainst(InterlockFacts facts, AuditRow row, AuditPack pack, int today)
    {
        var minute = account.Tariffs[^1].Tariff.MinuteOf(row.AtMs);
        var reasons = Pauses(row.AtMs, today).ToList();
        reasons.AddRange(_traits.HasFlag(CustomerTraits.NeverCut) ? ["life may depend on supply"] : []);
        var isProtected = (_isProtected || _traits.HasFlag(CustomerTraits.Protected)) && pack.Cut.ProtectedMonths.Contains(DateOnly.FromDayNumber(today).Month);
        reasons.AddRange(isProtected ? ["the household is protected in this month"] : []);
        reasons.AddRange(AuditPack.Within(pack.Cut.AllowedHours, minute) ? [] : ["it was not the hour for it"]);
        reasons.AddRange(pack.Works(today) && (!pack.Cut.BeforeBusinessDay || pack.Works(today + 1)) ? [] : ["that day or the next was no business day"]);
        var minutes = account.Mode == PaymentMode.Prepaid ? pack.Prepaid.LastNoticeMinutes : pack.Cut.LastNoticeMinutes;
        reasons.AddRange(IsDelivered(_lastNotice, row.AtMs, minutes) ? [] : ["no last notice was delivered in time"]);
        reasons.AddRange(account.Mode == PaymentMode.Prepaid ? AgainstPrepaid(facts, row, pack, today, minute) : AgainstOverdue(pack, today));
        return reasons;
    }

    private IEnumerable<string> AgainstOverdue(AuditPack pack, int today)
    {
        var days = account.OverdueDays(pack, today);
        if (!(days > pack.Cut.OverdueDaysMoreThan))
        {
            yield return $"its arrears were {days} days overdue";
        }

        if (!_isDemanded)
        {
            yield return "nothing was demanded";
        }

        var age = _delivered.TryGetValue(_stopNotice, out var ms) ? today - Math.Max(account.DayOf(ms), _stopNoticeDay) : -1;
        if (age < pack.Cut.StopNoticeDaysMin || age > pack.Cut.StopNoticeDaysMax)
        {
            yield return $"its stop notice was delivered {age} days before";
        }
    }

    private IEnumerable<string> AgainstPrepaid(InterlockFacts facts, AuditRow row, AuditPack pack, int today, int minute)
    {
        var balance = account.Tables.Balances.TryGetValue(row.Position, out var after) ? after : facts.Balance.Nano;
        if (-balance < pack.ArrearsMinimum)
        {
            yield return $"its balance was {AuditedAccount.Text(balance)}";
        }

        if (row.AtMs - facts.NegativeSinceMs < pack.Prepaid.WaitHours * Instants.MsPerHour)
        {
            yield return "the wait was not over";
        }

        if (AuditPack.Within(pack.Prepaid.FriendlyHours, minute)
            || (pack.Prepaid.FriendlyDays.Contains("weekend") && !pack.Works(today) && !pack.IsHoliday(today))
            || (pack.Prepaid.FriendlyDays.Contains("holiday") && pack.IsHoliday(today)))
        {
            yield return "it was a friendly hour or day";
        }
    }

    private bool IsDelivered(string notice, long atMs, int minutes) =>
        _delivered.TryGetValue(notice, out var ms) && atMs - ms >= minutes * 60_000L && atMs - ms <= Instants.MsPerDay;
}
