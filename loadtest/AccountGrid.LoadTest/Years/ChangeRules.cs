using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>What changes around an account: meters with their energy, and its mode.</summary>
internal sealed class ChangeRules(YearVerdict verdict)
{
    /// <summary>
    /// Energy of moved and exchanged meters is charged once, to whoever was responsible at its time. (DOMAIN, metering: none is lost or counted twice.)
    /// </summary>
    public void Energy(AccountRecord r)
    {
        var meters = verdict.Grid.StateOf(r.Person.Partition).PeekAccount(r.Person.Number)!.Meters;
        var (charged, held) = (meters.Sum(m => m.Charged.Wh), meters.Sum(m => m.Held.Wh));
        if (charged != r.Person.UsedWh || held != 0)
        {
            verdict.Violate(r, $"{charged} Wh are charged and {held} held; its meters counted {r.Person.UsedWh} in their time here");
        }

        // Nobody in the year tampers with a meter.
        foreach (var suspected in r.Events.Where(e => e.Event is TamperSuspected))
        {
            verdict.Violate(r, $"tampering is suspected at {Instants.ToText(suspected.AtMs)}: {suspected.Event}");
        }

        var mine = r.Person.Meters.Select(m => m.Number).Order();
        if (!mine.SequenceEqual(meters.Where(m => m.UntilMs == long.MaxValue).Select(m => m.Number).Order()))
        {
            verdict.Violate(r, "its meters are not those that it has");
        }
    }

    /// <summary>
    /// A change to prepaid never happens with arrears outside a debt agreement, and is refused for nothing else; whoever was dark for bills has supply.
    /// (DOMAIN, accounts:
    /// a change to prepaid; low balance: on payment, restore at once.)
    /// </summary>
    public void Switches(AccountRecord r, NaiveAccount facts)
    {
        foreach (var (position, hasTerms) in r.Person.RefusedSwitches)
        {
            verdict.Count("changes to prepaid refused");
            if (hasTerms || facts.BalanceBefore(position).Nano > -r.Person.UnitNano)
            {
                verdict.Violate(r, $"the change to prepaid at position {position} was refused at a balance of {new Money(facts.BalanceBefore(position).Nano)}");
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
        verdict.Count("changes to prepaid");
        verdict.Count("changes to prepaid with a debt", owed > 0 ? 1 : 0);
        if (switched?.Event is not ModeSwitched { } to || to.Moved.Nano != owed)
        {
            var agreed = new Money((switched?.Event as ModeSwitched)?.Moved.Nano ?? 0);
            verdict.Violate(r, $"at the change to prepaid {new Money(owed)} was owed, and {agreed} went into a debt agreement");
        }

        if (r.RelayAfter(r.Person.SwitchPosition) is not (Relay.On or Relay.Restoring))
        {
            verdict.Violate(r, $"dark after the change to prepaid at {Instants.ToText(r.Person.SwitchMs)}");
        }

        if (r.Events.Exists(e => e.Position > r.Person.SwitchPosition && e.Event is StageEntered { To: > Stage.None }))
        {
            verdict.Violate(r, "a stage of arrears was entered after the change to prepaid");
        }
    }
}
