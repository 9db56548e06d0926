using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Stages and cuts against the items, holds, plans and promises of their moment, by DOMAIN.md "Overdue" and "Low balance" and the pack. What no event tells
/// (how old a reading
/// was, since when a balance was below zero) is taken from the decision's own record.
/// </summary>
internal sealed partial class AuditHistory
{
    private readonly AuditHolds _holds = new();
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

    /// <summary>Days of the arrears after the due day on which they reached the pack's minimum; null where they do not.</summary>
    private int? OverdueDays(AuditPack pack, int today)
    {
        var sum = 0L;
        foreach (var item in _items.Items.Where(i => i.IsAsked && i.Open > 0).OrderBy(i => i.DueDay))
        {
            sum += item.Open;
            if (sum >= pack.ArrearsMinimum)
            {
                return OwesByBill ? today - item.DueDay : null;
            }
        }

        return null;
    }

    private void Follow(AuditRow row, AccountEvent happened, int today)
    {
        _holds.Follow(happened);
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
            case PaymentAnnounced e:
                _expected[e.Reference] = e.UntilMs;
                break;
            case PaymentTaken e:
                _expected.Remove(e.Reference ?? "");
                (_creditAt, _creditMs) = (row.Position, row.AtMs);
                break;
            case BalanceAdjusted { AmountNano: > 0 } or DebtMoved or WrittenOff or ModeSwitched { To: PaymentMode.Prepaid }:
                (_creditAt, _creditMs) = (row.Position, row.AtMs);
                break;
            case DeliveryReported e:
                _delivered.TryAdd(e.NoticeId, e.AtMs);
                break;
            case ContactRecorded { Outcome: "delivered-in-hand" or "signed-for", CaseId: not null }:
                _delivered.TryAdd(_stopNotice, row.AtMs);
                break;
            case NoticeGiven { Kind: "stop-notice" } e:
                (_stopNotice, _stopNoticeDay) = (e.Id, today);
                break;
            case NoticeGiven { Kind: "last-notice" } e:
                _lastNotice = e.Id;
                break;
            case RelayChanged e:
                (_relay, _cutDay) = (e.To, e.To == Relay.Cut ? today : int.MaxValue);
                break;
            case StageEntered e when _isBilled && PackOf(today) is { } pack:
                EnterStage(e, row, pack, today);
                break;
            case CutDecided { Step: CutStep.Planned or CutStep.Released } e when PackOf(today) is { } pack:
                foreach (var reason in ReasonsAgainst(e.Interlock.Facts, row, pack, today))
                {
                    Differences.Add($"account {account}: a cut was {e.Step} at {Instants.ToText(row.AtMs)} although {reason}");
                }

                break;
        }
    }

    /// <summary>A stage is entered one after the other, on a business day, after the pack's days, and only while nothing prevents it.</summary>
    private void EnterStage(StageEntered e, AuditRow row, AuditPack pack, int today)
    {
        var days = OverdueDays(pack, today);
        if ((days ?? -1) != (e.OverdueDays ?? -1) || (days is null && e.OverdueDays is not (null or -1)))
        {
            Differences.Add($"account {account}: at stage {e.To} of {Text(today)} its arrears must be {days} days overdue but are {e.OverdueDays}");
        }

        // A last notice that came to nothing leads back to the stop notice without a word.
        if (e.From != _stage && !(_stage == Stage.ReNotice && e.From == Stage.StopNotice))
        {
            Differences.Add($"account {account}: stage {e.To} of {Text(today)} follows {e.From}, and it was in {_stage}");
        }

        if (e.To > e.From && e.To is not (Stage.ReNotice or Stage.Cut))
        {
            var isNext = e.To == e.From + 1 || (e.From, e.To) is (Stage.None, Stage.Due) or (Stage.StopNotice, Stage.Closed);
            var wrong = Speaking(row.AtMs, today).ToList();
            wrong.AddRange(isNext ? [] : ["a stage was skipped"]);
            wrong.AddRange(days >= LeastDays(pack, e.To) ? [] : [$"{LeastDays(pack, e.To)} days overdue are needed"]);
            wrong.AddRange(pack.Works(today) ? [] : ["it is not a business day"]);
            wrong.AddRange(e.From <= Stage.Reminder || today >= _stageDay + pack.Ladder.DwellDays ? [] : [$"{e.From} was entered on {Text(_stageDay)}"]);
            Differences.AddRange(wrong.Select(w => $"account {account}: stage {e.To} was entered on {Text(today)} although {w}"));
        }

        _isDemanded = e.To != Stage.None && (_isDemanded || e.To == Stage.Demand);
        (_stage, _stageDay) = (e.To, today);
    }

    private static int LeastDays(AuditPack pack, Stage stage) => stage switch
    {
        Stage.Reminder => -pack.Ladder.ReminderBeforeDueDays,
        Stage.Due => 0,
        Stage.Courtesy => pack.Ladder.CourtesyAfterDays,
        Stage.Contact => pack.Ladder.ContactAfterDays,
        Stage.PlanOffer => pack.Ladder.PlanOfferAfterDays,
        Stage.Demand => pack.Ladder.DemandAfterDays,
        Stage.StopNotice => pack.Ladder.StopNoticeAfterDays,
        Stage.Closed => pack.Ladder.ClosedAfterDays,
        _ => pack.Ladder.WrittenOffAfterDays,
    };

    /// <summary>What prevents every stage and cut: holds, an announced payment, a kept plan, an open promise.</summary>
    private IEnumerable<string> Speaking(long atMs, int today)
    {
        foreach (var kind in _holds.Standing(atMs))
        {
            yield return $"a hold stands: {kind}";
        }

        if (_expected.Values.Any(until => until > atMs) || _holds.IsCollecting(atMs))
        {
            yield return "a payment was announced";
        }

        if (_plan.Count > 0 && _plan.Where(i => i.Day < today).Sum(i => i.AmountNano) <= _planPaid)
        {
            yield return "a plan was kept";
        }

        if (_promiseDay >= today)
        {
            yield return "a promise was open";
        }
    }

    private IEnumerable<string> ReasonsAgainst(InterlockFacts facts, AuditRow row, AuditPack pack, int today)
    {
        var minute = Tariffs[^1].Tariff.MinuteOf(row.AtMs);
        var speaking = Speaking(row.AtMs, today).ToList();
        speaking.AddRange(_traits.HasFlag(CustomerTraits.NeverCut) ? ["life may depend on supply"] : []);
        var isProtected = (_isProtected || _traits.HasFlag(CustomerTraits.Protected)) && pack.Cut.ProtectedMonths.Contains(DateOnly.FromDayNumber(today).Month);
        speaking.AddRange(isProtected ? ["the household is protected in this month"] : []);
        speaking.AddRange(AuditPack.Within(pack.Cut.AllowedHours, minute) ? [] : ["it was not the hour for it"]);
        speaking.AddRange(pack.Works(today) && (!pack.Cut.BeforeBusinessDay || pack.Works(today + 1)) ? [] : ["that day or the next was no business day"]);
        var minutes = _mode == PaymentMode.Prepaid ? pack.Prepaid.LastNoticeMinutes : pack.Cut.LastNoticeMinutes;
        speaking.AddRange(IsDelivered(_lastNotice, row.AtMs, minutes) ? [] : ["no last notice was delivered in time"]);
        if (_mode != PaymentMode.Prepaid)
        {
            var days = OverdueDays(pack, today);
            speaking.AddRange(days > pack.Cut.OverdueDaysMoreThan ? [] : [$"its arrears were {days} days overdue"]);
            speaking.AddRange(_isDemanded ? [] : ["nothing was demanded"]);
            var age = _delivered.TryGetValue(_stopNotice, out var ms) ? today - Math.Max(DayOf(ms), _stopNoticeDay) : -1;
            var isInTime = age >= pack.Cut.StopNoticeDaysMin && age <= pack.Cut.StopNoticeDaysMax;
            speaking.AddRange(isInTime ? [] : [$"its stop notice was delivered {age} days before"]);
            return speaking;
        }

        var balance = tables.Balances.TryGetValue(row.Position, out var after) ? after : facts.BalanceNano;
        speaking.AddRange(-balance >= pack.ArrearsMinimum ? [] : [$"its balance was {Text(balance)}"]);
        speaking.AddRange(row.AtMs - facts.NegativeSinceMs >= pack.Prepaid.WaitHours * Instants.MsPerHour ? [] : ["the wait was not over"]);
        var isFriendly = AuditPack.Within(pack.Prepaid.FriendlyHours, minute)
            || (pack.Prepaid.FriendlyDays.Contains("weekend") && !pack.Works(today) && !pack.IsHoliday(today))
            || (pack.Prepaid.FriendlyDays.Contains("holiday") && pack.IsHoliday(today));
        speaking.AddRange(isFriendly ? ["it was a friendly hour or day"] : []);
        return speaking;
    }

    private bool IsDelivered(string notice, long atMs, int minutes) =>
        _delivered.TryGetValue(notice, out var ms) && atMs - ms >= minutes * 60_000L && atMs - ms <= Instants.MsPerDay;

    /// <summary>A credit that ends the cause of a cut restores supply in the same record. (DOMAIN, low balance: on payment, restore at once.)</summary>
    private void EndCredit(long position)
    {
        if (_creditAt < 0 || _creditAt == position)
        {
            return;
        }

        var (at, today) = (_creditAt, DayOf(_creditMs));
        _creditAt = -1;
        if (!_isBilled || _relay is not (Relay.Cut or Relay.CutReleased) || PackOf(today) is not { } pack)
        {
            return;
        }

        if (_mode == PaymentMode.Prepaid
            ? tables.Balances.TryGetValue(at, out var after) && after > -Math.Max(1, pack.ArrearsMinimum)
            : OverdueDays(pack, today) is not { } days || days <= 0 || today - days >= _cutDay)
        {
            Differences.Add($"account {account}: supply stayed off after what was credited at {at}, which ended the cause");
        }
    }
}
