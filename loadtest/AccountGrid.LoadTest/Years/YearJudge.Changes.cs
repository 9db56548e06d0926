using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>What changes around an account: modes, tariffs, meters.</summary>
internal sealed partial class YearJudge
{
    /// <summary>
    /// Energy of moved and exchanged meters is charged once, to whoever was responsible at its time. (DOMAIN, metering: none is lost or counted twice.)
    /// </summary>
    private void Energy(AccountRecord r)
    {
        var meters = grid.StateOf(r.Person.Partition).PeekAccount(r.Person.Number)!.Meters;
        var (charged, held) = (meters.Sum(m => m.Charged.Wh), meters.Sum(m => m.Held.Wh));
        if (charged != r.Person.UsedWh || held != 0)
        {
            Violate(r, $"{charged} Wh are charged and {held} held; its meters counted {r.Person.UsedWh} in their time here");
        }

        // Nobody in the year tampers with a meter.
        foreach (var suspected in r.Events.Where(e => e.Event is TamperSuspected))
        {
            Violate(r, $"tampering is suspected at {Instants.ToText(suspected.AtMs)}: {suspected.Event}");
        }

        var mine = r.Person.Meters.Select(m => m.Number).Order();
        if (!mine.SequenceEqual(meters.Where(m => m.UntilMs == long.MaxValue).Select(m => m.Number).Order()))
        {
            Violate(r, "its meters are not those that it has");
        }
    }

    /// <summary>
    /// A standing charge falls due on each local day whose version has one, once. (DOMAIN, tariffs: standing charges per day; accounts: the version in force
    /// on a day is
    /// charged on that day.)
    /// </summary>
    private void Standing(AccountRecord r)
    {
        var taken = 0L;
        var first = r.Person.Calendar.DayOf(YearRun.Start.ToUnixTimeMilliseconds());
        foreach (var entry in r.Entries.Where(e => e.Kind == "standing"))
        {
            taken -= entry.Nano;
            var day = r.Person.Calendar.DayOf(entry.AtMs);
            if (taken != Due(day))
            {
                Violate(r, $"standing charges of {new Money(taken)} are taken on {Instants.DayToText(day)}; it should be {new Money(Due(day))}");
            }
        }

        // The morning's checks take a while.
        var (today, sure) = (r.Person.Calendar.DayOf(run.EndMs), r.Person.Calendar.DayOf(run.EndMs - (3 * Instants.MsPerHour)));
        if (taken < Due(sure) || taken > Due(today))
        {
            Violate(r, $"standing charges of {new Money(taken)} are taken; it should be {new Money(Due(today))}");
        }

        Count("standing charges", taken > 0 ? 1 : 0);
        Count("changes of tariff", r.Person.Prices.Count - 1);
        Count("changes of tariff without a meter", r.Person.Prices.Count(p => p.IsWithoutMeter));

        long Due(int through) => Enumerable.Range(first, Math.Max(0, through - first + 1)).Sum(d => r.Person.Prices.FindLast(p => p.FromDay <= d).StandingNano);
    }

    /// <summary>
    /// A change to prepaid never happens with arrears outside a debt agreement, and is refused for nothing else; whoever was dark for bills has supply.
    /// (DOMAIN, accounts:
    /// a change to prepaid; low balance: on payment, restore at once.)
    /// </summary>
    private void Switches(AccountRecord r, NaiveAccount facts)
    {
        foreach (var (position, hasTerms) in r.Person.RefusedSwitches)
        {
            Count("changes to prepaid refused");
            if (hasTerms || facts.BalanceBefore(position).Nano > -r.Person.UnitNano)
            {
                Violate(r, $"the change to prepaid at position {position} was refused at a balance of {new Money(facts.BalanceBefore(position).Nano)}");
            }
        }

        if (r.Person.SwitchPosition == long.MaxValue)
        {
            return;
        }

        var switched = r.Events.Find(e => e.Position == r.Person.SwitchPosition && e.Event is ModeSwitched);
        var owed = facts.OwedAtSwitch();

        // Less than the smallest unit is nothing. (DOMAIN, accounts.)
        owed = owed < r.Person.UnitNano ? 0 : owed;
        Count("changes to prepaid");
        Count("changes to prepaid with a debt", owed > 0 ? 1 : 0);
        if (switched?.Event is not ModeSwitched { } to || to.MovedNano != owed)
        {
            var agreed = new Money((switched?.Event as ModeSwitched)?.MovedNano ?? 0);
            Violate(r, $"at the change to prepaid {new Money(owed)} was owed, and {agreed} went into a debt agreement");
        }

        if (RelayAfter(r, r.Person.SwitchPosition) is not (Relay.On or Relay.Restoring))
        {
            Violate(r, $"dark after the change to prepaid at {Instants.ToText(r.Person.SwitchMs)}");
        }

        if (r.Events.Exists(e => e.Position > r.Person.SwitchPosition && e.Event is StageEntered { To: > Stage.None }))
        {
            Violate(r, "a stage of arrears was entered after the change to prepaid");
        }
    }
}
