using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>Cuts, restores, relays, and the rows that keep a workflow going.</summary>
internal sealed class SupplyRules(YearVerdict verdict)
{
    /// <summary>No cut is released against the interlock, as it is written here a second time.</summary>
    public void Cuts(AccountRecord record, NaiveAccount facts)
    {
        foreach (var cut in record.Events.Where(e => e.Event is CutDecided { Step: CutStep.Released }))
        {
            verdict.Count("cuts");
            foreach (var reason in NaiveInterlock.Reasons(record, facts, cut, (CutDecided)cut.Event))
            {
                verdict.Violate(record, $"cut at {Instants.ToText(cut.AtMs)} although {reason}");
            }
        }
    }

    /// <summary>A due row while something is under way, and none else.</summary>
    public void Rows(AccountRecord r)
    {
        var customer = verdict.Grid.StateOf(r.Person.Partition).PeekAccount(r.Person.Number)!.Customer!;
        var isBusy =
            customer.Overdue.Stage != Stage.None || customer.Overdue.Plan.Count > 0 || customer.Supply.Relay != Relay.On || customer.NegativeSinceMs != 0;
        if (isBusy != r.HasDueRow)
        {
            verdict.Violate(r,
                r.HasDueRow
                    ? "a due row is left of a workflow that it is not in"
                    : $"no due row at stage {customer.Overdue.Stage}, relay {customer.Supply.Relay}");
        }

        // A meter that came lately may still be on its way from dark to light; nobody switches a meter off that was not there at the cut.
        var cutMs = r.Events.FindLast(e => e.Event is RelayChanged { To: Relay.Cut })?.AtMs ?? long.MaxValue;
        foreach (var meter in r.Person.Meters.Where(m => customer.Supply.Relay == Relay.On ? !m.IsOn : customer.Supply.Relay == Relay.Cut && m.IsOn))
        {
            var fromMs = r.Person.Tenures.FindLast(t => t.Meter == meter.Number).FromMs;
            if (customer.Supply.Relay == Relay.Cut ? fromMs <= cutMs : fromMs < verdict.EndMs - Instants.MsPerDay)
            {
                verdict.Violate(r, $"the relay of meter {meter.Number} is {(meter.IsOn ? "on" : "off")} and the grid says {customer.Supply.Relay}");
            }
        }
    }

    /// <summary>Nobody who has paid is dark; a restore that was late was compensated, once, and no other.</summary>
    public void Restores(AccountRecord r)
    {
        long? since = null;
        var late = 0;
        foreach (var e in r.Events)
        {
            if (e.Event is RelayChanged { To: Relay.Restoring })
            {
                since = e.AtMs;
            }
            else if (e.Event is RelayChanged { To: Relay.On, From: Relay.Restoring } && since is { } from)
            {
                verdict.Count("restores");
                late += e.AtMs - from > r.Pack.Restore.WithinMinutes * 60_000L ? 1 : 0;
                since = null;
            }
        }

        late += since is { } open && verdict.EndMs - open > (r.Pack.Restore.WithinMinutes * 60_000L) + (2 * Instants.MsPerHour) ? 1 : 0;
        var given = r.Events.Count(e => e.Event is CompensationGiven);
        verdict.Count("compensations", given);
        if (r.Pack.Restore.Compensation != "0" && Math.Abs(given - late) > (since is null ? 0 : 1))
        {
            verdict.Violate(r, $"{late} late restores and {given} compensations");
        }

        var customer = verdict.Grid.StateOf(r.Person.Partition).PeekAccount(r.Person.Number)!;
        if (customer.Customer!.Supply.Relay == Relay.Cut && r.Person.Mode == PaymentMode.Prepaid && r.BalanceNano >= 0)
        {
            verdict.Violate(r, "dark although paid");
        }
    }
}
