using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>Why a cut was wrong, by the rules as they are said.</summary>
internal static class NaiveInterlock
{
    public static IEnumerable<string> Reasons(AccountRecord r, NaiveAccount facts, StoredEvent cut, CutDecided decided)
    {
        var (person, pack) = (r.Person, r.Pack);
        var mode = person.ModeAt(cut.Position);
        if (!person.Tenures.Exists(t => t.FromMs <= cut.AtMs && cut.AtMs <= t.UntilMs))
        {
            yield return "the account has no meter";
        }

        var day = person.Calendar.DayOf(cut.AtMs);
        var minute = person.Calendar.MinuteOf(cut.AtMs);
        if (!NaiveAccount.Within(NaiveAccount.Minutes(pack.Cut.AllowedHours), minute))
        {
            yield return $"it is minute {minute} of the day";
        }

        if (!facts.IsBusinessDay(day) || (pack.Cut.BeforeBusinessDay && !facts.IsBusinessDay(day + 1)))
        {
            yield return "today or tomorrow is no business day";
        }

        if (person.Number % 41 == 0)
        {
            yield return "life may depend on supply";
        }

        if (person.Number % 29 == 0 && pack.Cut.ProtectedMonths.Contains(DateOnly.FromDayNumber(day).Month))
        {
            yield return "the household is protected in this month";
        }

        if (person.Number % 23 == 0 && pack.Cut.WelfareVisit
            && !r.Events.Exists(e => e.Position < cut.Position && e.Event is ContactRecorded { Kind: "welfare-visit", Outcome: "reached" }))
        {
            yield return "nobody has visited";
        }

        if (facts.IsSpared(cut.Position, day))
        {
            yield return "a plan is kept or a promise is open";
        }

        if (person.Spans.Exists(s => s.Why == "dispute" && cut.AtMs > s.FromMs && cut.AtMs < s.UntilMs))
        {
            yield return "a dispute is open";
        }

        // What was ordered counts where the grid took it: an order for somebody whose supply was on again is refused.
        var ordered = person.Spans.FindLast(
            s => s.Why.StartsWith("ordered ", StringComparison.Ordinal) && s.FromMs < cut.AtMs
                && r.Events.Exists(e => e.Event is RestoreOrdered && $"ordered {e.Position}" == s.Why));
        if (ordered is not null && cut.AtMs < ordered.UntilMs)
        {
            yield return "a person's order holds";
        }
        else if (ordered is not null && mode == PaymentMode.Prepaid && cut.AtMs < ordered.UntilMs + (pack.Prepaid.WaitHours * Instants.MsPerHour))
        {
            yield return "the wait did not begin anew after a person's order";
        }
        else if (ordered is not null && mode != PaymentMode.Prepaid
            && person.Messages.FindLast(m => m.Kind == "stop-notice" && m.Proven && m.AtMs < cut.AtMs) is { } again && again.AtMs < ordered.UntilMs)
        {
            yield return "no stop notice was given after a person's order";
        }

        var last = person.Messages.FindLast(m => m.Kind == "last-notice" && m.Proven && m.AtMs < cut.AtMs);
        var minutes = decided.Interlock.Facts.Cause == CutCause.Arrears ? pack.Cut.LastNoticeMinutes : pack.Prepaid.LastNoticeMinutes;
        if (last is null || cut.AtMs - last.AtMs < minutes * 60_000L || cut.AtMs - last.AtMs > Instants.MsPerDay)
        {
            yield return "there was no last notice in time";
        }

        if (!person.Messages.Exists(m => m.Proven && m.AtMs <= cut.AtMs && cut.AtMs - m.AtMs <= pack.Cut.BalanceShownDaysMax * Instants.MsPerDay))
        {
            yield return "the customer was not shown the balance";
        }

        if (cut.AtMs - LastReadMs(person, cut) > pack.Cut.DataAgeHoursMax * Instants.MsPerHour)
        {
            yield return "the last reading is old";
        }

        foreach (var reason in mode == PaymentMode.Prepaid ? Exhausted(r, facts, cut, day, minute) : Arrears(r, facts, cut, day))
        {
            yield return reason;
        }
    }

    private static IEnumerable<string> Arrears(AccountRecord r, NaiveAccount facts, StoredEvent cut, int day)
    {
        if (facts.OverdueDays(cut.Position, day) is not { } overdue || overdue <= r.Pack.Cut.OverdueDaysMoreThan)
        {
            yield return $"the oldest bill is {facts.OverdueDays(cut.Position, day)} days overdue";
        }

        if (!r.Notices.Exists(n => n.Kind == "demand" && n.Position < cut.Position))
        {
            yield return "there was no demand";
        }

        var stop = r.Person.Messages.FindLast(m => m.Kind == "stop-notice" && m.Proven && m.AtMs < cut.AtMs);
        var age = stop is null ? -1 : day - r.Person.Calendar.DayOf(stop.AtMs);
        if (age < r.Pack.Cut.StopNoticeDaysMin || age > r.Pack.Cut.StopNoticeDaysMax)
        {
            yield return $"the stop notice is {age} days old";
        }
    }

    private static IEnumerable<string> Exhausted(AccountRecord r, NaiveAccount facts, StoredEvent cut, int day, int minute)
    {
        var p = r.Pack.Prepaid;
        var (balance, since) = facts.BalanceBefore(cut.Position);
        if (balance >= 0 || since is null)
        {
            yield return $"the balance is {new Money(balance)}";
        }
        else if (-balance < NaiveAccount.Nano(r.Pack.Billing.ArrearsMinimum))
        {
            yield return $"only {new Money(-balance)} is missing";
        }
        else if (cut.AtMs - since < p.WaitHours * Instants.MsPerHour)
        {
            yield return $"the balance is below zero for {(cut.AtMs - since) / Instants.MsPerHour} hours only";
        }

        var credit = NaiveAccount.Nano(p.EmergencyCredit);
        var isHeld = p.EmergencyDays == 0 || (since is not null && cut.AtMs - since < (p.EmergencyDays + (p.WaitHours / 24.0)) * Instants.MsPerDay);
        if (credit > 0 && isHeld && balance >= -credit)
        {
            yield return "emergency credit is not used up";
        }

        if (NaiveAccount.Within(NaiveAccount.Minutes(p.FriendlyHours), minute) || (p.FriendlyDays.Contains("weekend") && facts.IsWeekendOff(day))
            || (p.FriendlyDays.Contains("holiday") && facts.IsHoliday(day)))
        {
            yield return "these are friendly hours";
        }
    }

    /// <summary>When the account was measured last before a cut: a meter that came from another account brings the readings that it had already.</summary>
    private static long LastReadMs(YearPerson person, StoredEvent cut) => Math.Max(
        person.Happenings.FindLast(h => h.Kind == HappeningKind.Reading && h.Position < cut.Position).AtMs,
        person.Arrivals.Where(a => a.ArrivedMs <= cut.AtMs).Select(a => a.ReadMs).DefaultIfEmpty().Max());
}
