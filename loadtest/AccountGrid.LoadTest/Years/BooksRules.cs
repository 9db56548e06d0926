using AccountGrid.Domain;
using AccountGrid.Domain.Events;

namespace AccountGrid.LoadTest.Years;

/// <summary>Balances, standing charges and late fees, from what people paid and used.</summary>
internal sealed class BooksRules(YearVerdict verdict)
{
    /// <summary>By then every account in a workflow has been looked at on its day, minutes of the local day.</summary>
    private const int MorningEndsMinute = 10 * 60;

    /// <summary>The balance is what the person paid, less what was used, less what the ledger says beside it.</summary>
    public void Books(AccountRecord r)
    {
        var beside = r.Entries.Where(NaiveAccount.IsBeside).Sum(e => e.Nano);
        var expected = r.Person.Happenings.Sum(h => h.Nano) + beside;
        if (expected != r.BalanceNano)
        {
            verdict.Violate(r, $"the balance is {new Money(r.BalanceNano)} and should be {new Money(expected)}");
        }

        foreach (var (kind, of) in new[] { ("payment", HappeningKind.Payment), ("reversal", HappeningKind.Bounce), ("adjustment", HappeningKind.Adjustment) })
        {
            if (r.Entries.Where(e => e.Kind == kind).Sum(e => e.Nano) != r.Person.Happenings.Where(h => h.Kind == of).Sum(h => h.Nano))
            {
                verdict.Violate(r, $"the ledger's entries of kind {kind} are not those that were made");
            }
        }

        verdict.Count("bounced payments", r.Person.Happenings.Count(h => h.Kind == HappeningKind.Bounce));
        verdict.Count("credits by staff", r.Person.Happenings.Count(h => h is { Kind: HappeningKind.Adjustment, Of: 0, Nano: > 0 }));
        verdict.Count("debits by staff", r.Person.Happenings.Count(h => h is { Kind: HappeningKind.Adjustment, Of: 0, Nano: < 0 }));
        verdict.Count("adjustments taken back", r.Person.Happenings.Count(h => h is { Kind: HappeningKind.Adjustment, Of: not 0 }));
        verdict.Count("payments", r.Entries.Count(e => e.Kind == "payment"));
        verdict.Count("bills", r.Events.Count(e => e.Event is BillClosed));
    }

    public void Fees(AccountRecord r, NaiveAccount facts)
    {
        var booked = -r.Entries.Where(e => e.Kind == "late-fee").Sum(e => e.Nano);
        var yesterday = r.Person.Calendar.DayOf(verdict.EndMs) - 1;
        var (expected, wrong) = facts.LateFees(yesterday);
        if (booked != expected && r.Person.Calendar.MinuteOf(verdict.EndMs) < MorningEndsMinute)
        {
            // The morning's look at an account without a meter may be still to come.
            expected = facts.LateFees(yesterday - 1).Nano;
        }

        foreach (var what in wrong)
        {
            verdict.Violate(r, what);
        }

        verdict.Count("plans agreed", r.Events.Count(e => e.Event is PlanAgreed));
        verdict.Count("plans fulfilled", r.Events.Count(e => e.Event is PlanFulfilled));
        verdict.Count("plans broken", r.Events.Count(e => e.Event is PlanBroken));
        verdict.Count("plans cancelled", r.Events.Count(e => e.Event is PlanCancelled));
        verdict.Count("fees waived", r.Events.Count(e => e.Event is FeesWaived));

        verdict.Count("accounts with late fees", booked > 0 ? 1 : 0);
        if (booked != expected)
        {
            verdict.Violate(r, $"late fees of {new Money(booked)} should be {new Money(expected)}");
        }
    }

    /// <summary>
    /// A standing charge falls due on each local day whose version has one, once. (DOMAIN, tariffs: standing charges per day; accounts: the version in force
    /// on a day is
    /// charged on that day.)
    /// </summary>
    public void Standing(AccountRecord r)
    {
        var taken = 0L;
        var first = r.Person.Calendar.DayOf(YearRun.Start.ToUnixTimeMilliseconds());
        foreach (var entry in r.Entries.Where(e => e.Kind == "standing"))
        {
            taken -= entry.Nano;
            var day = r.Person.Calendar.DayOf(entry.AtMs);
            if (taken != Due(day))
            {
                verdict.Violate(r, $"standing charges of {new Money(taken)} are taken on {Instants.DayToText(day)}; it should be {new Money(Due(day))}");
            }
        }

        // The morning's checks take a while.
        var (today, sure) = (r.Person.Calendar.DayOf(verdict.EndMs), r.Person.Calendar.DayOf(verdict.EndMs - (3 * Instants.MsPerHour)));
        if (taken < Due(sure) || taken > Due(today))
        {
            verdict.Violate(r, $"standing charges of {new Money(taken)} are taken; it should be {new Money(Due(today))}");
        }

        verdict.Count("standing charges", taken > 0 ? 1 : 0);
        verdict.Count("changes of tariff", r.Person.Prices.Count - 1);
        verdict.Count("changes of tariff without a meter", r.Person.Prices.Count(p => p.IsWithoutMeter));

        long Due(int through) => Enumerable.Range(first, Math.Max(0, through - first + 1)).Sum(d => r.Person.Prices.FindLast(p => p.FromDay <= d).StandingNano);
    }
}
